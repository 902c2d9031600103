import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { copyup, MAIN, temporaryDirectory } from "./command.ts";

interface Contestant {
  readonly name: string;
  readonly cpuMs: { readonly median: number } | null;
  readonly absent: string | null;
}

test("bench measures on an image of its own, beside C and the programs, and writes what it printed", () => {
  const dir = temporaryDirectory();
  const [out, page] = [path.join(dir, "bench.json"), path.join(dir, "bench.html")];
  const args = [
    "--driver",
    "overlay2",
    "bench",
    "mount-10",
    "apply",
    "--scale",
    "0.01",
    "--runs",
    "1",
    "--out",
    out,
    "--html",
    page,
  ];
  const { status, stdout, stderr } = copyup(args);
  expect([status, stderr.includes("copyup: IO")]).toEqual([0, false]);
  expect(stdout).toContain("a fresh ext4 loop image");
  // Said every five seconds where stderr is no terminal; when is up to the machine.
  expect(stderr).toContain("copyup: ");
  expect(readFileSync(page, "utf8")).toContain('id="w-apply"');
  const report = JSON.parse(readFileSync(out, "utf8"));
  expect([report.type, report.scale]).toEqual(["copyup-bench", 0.01]);
  const contestants: Contestant[] = report.workloads.flatMap((w: { contestants: Contestant[] }) => w.contestants);
  expect(contestants.map(({ name }) => name)).toEqual(["C", "overlay2", "C", "overlay2", "GNU tar", "bsdtar"]);
  for (const { name, cpuMs, absent } of contestants)
    expect([name, absent !== null || (cpuMs?.median ?? 0) > 0]).toEqual([name, true]);
  expect(report.goals.map((goal: { verdict: string }) => goal.verdict)).toContain("not measured");
}, 120_000);

const hasAufs = /\baufs$/m.test(readFileSync("/proc/filesystems", "utf8"));

test.skipIf(hasAufs)("a driver that does not work there is refused with the evidence and what to do", () => {
  const out = path.join(temporaryDirectory(), "bench.json");
  const { status, stderr } = copyup(["--driver", "aufs", "bench", "mount-10", "--out", out]);
  expect(status).toBe(3);
  expect(stderr).toMatch(
    /^copyup: NO_DRIVER: aufs does not work here: aufs: aufs is not in \/proc\/filesystems .*use overlay2/m,
  );
  expect(existsSync(out)).toBe(false);
});

test("Ctrl-C ends it as an abort; its image goes, what was measured stays", async () => {
  const work = temporaryDirectory();
  const out = path.join(temporaryDirectory(), "bench.json");
  const words = ["bench", "changes", "start", "--scale", "0.01", "--runs", "60", "--work", work, "--out", out];
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes) => {
    // A second one would end it as usual.
    const first = !said.includes("start: run");
    said += bytes;
    if (first && said.includes("start: run")) child.kill("SIGINT");
  });
  const [status] = await once(child, "close");
  expect(said).toMatch(/copyup: ABORTED: interrupted/);
  expect([status, readdirSync(work)]).toEqual([1, []]);
  const { workloads } = JSON.parse(readFileSync(out, "utf8")) as { workloads: { workload: string }[] };
  expect(workloads.map(({ workload }) => workload)).toEqual(["changes"]);
}, 120_000);
