import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isSystemError, processTreeCpuMs, runChild } from "@copyup/linux";
import { afterAll, expect, test } from "vitest";

const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-child-"));
afterAll(() => rmSync(dir, { recursive: true }));
const node = (script: string, options: { env?: Record<string, string>; stdin?: string; stdout?: string } = {}) =>
  runChild([process.execPath, "-e", script], { cwd: dir, ...options });

test("status, signal, streams, directory and environment are the child's", () => {
  const [input, output] = [path.join(dir, "in"), path.join(dir, "out")];
  writeFileSync(input, "given");
  const script =
    "process.stdout.write(fs.readFileSync(0,'utf8')+process.cwd()+process.env.ONLY+Object.keys(process.env).length);console.error('said');process.exitCode=7";
  const end = node(script, { stdin: input, stdout: output, env: { ONLY: "this" } });
  expect([end.status, end.signal, end.stderr]).toEqual([7, null, "said\n"]);
  expect(readFileSync(output, "utf8")).toBe(`given${dir}this1`);
  const killed = node("process.kill(process.pid, 'SIGKILL')");
  expect([killed.status, killed.signal]).toEqual([null, 9]);
});

test("its time and memory are told, its children's too, and count in the process tree's", () => {
  const before = processTreeCpuMs();
  const idle = node("");
  const busy = runChild(
    [
      "sh",
      "-c",
      `"$0" -e 'const b=Buffer.alloc(2e8,1);const t=Date.now();while(Date.now()-t<300)b[0]++'; :`,
      process.execPath,
    ],
    { cwd: dir },
  );
  expect(busy.status).toBe(0);
  expect(busy.cpuMs).toBeGreaterThan(idle.cpuMs + 100);
  expect(busy.peakBytes).toBeGreaterThan(2e8);
  // This process is larger than an idle node; what the kernel says of that one is what it was born with.
  expect(idle.peakBytes).toBeNull();
  expect(processTreeCpuMs() - before).toBeGreaterThanOrEqual(idle.cpuMs + busy.cpuMs - 20);
});

test("a broken pipe ends the writer", () => {
  const end = runChild(["sh", "-c", "yes | head -1"], { cwd: dir });
  expect([end.status, end.stderr]).toEqual([0, ""]);
});

test("what cannot be started is an error of the kernel's", () => {
  const tried = () => runChild(["copyup-no-such-program"], { cwd: dir });
  expect(tried).toThrow(expect.objectContaining({ syscall: "posix_spawn" }));
  try {
    tried();
  } catch (error) {
    expect(isSystemError(error, 2)).toBe(true);
  }
});
