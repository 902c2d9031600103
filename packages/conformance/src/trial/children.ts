import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Child, SpawnOptions } from "./trial.ts";

/** An ordinary user's PATH may lack what we need. */
const PATH = `${process.env.PATH ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;

/** Starts a program whose life ends with the check. Rejects if it cannot be started. */
export async function startChild(command: string, args: readonly string[], options: SpawnOptions): Promise<Child> {
  // unshare(1) replaces itself by the program, so the pid is the program's.
  const wrapped = options.newMountNamespace
    ? ["unshare", "-m", "--propagation", "private", "--", command, ...args]
    : [command, ...args];
  const [program = command, ...rest] = wrapped;
  const child = spawn(program, rest, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...options.env, PATH: options.env?.PATH ?? PATH },
    // Not ours: node does not start where its user may not read the working directory.
    cwd: options.cwd ?? "/",
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  // A program that ended does not read what we send; that is seen in its status.
  child.stdin.on("error", () => {});
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => stdout.push(part));
  child.stderr.on("data", (part: Buffer) => stderr.push(part));
  const text = (parts: Buffer[]) => Buffer.concat(parts).toString();
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = new Promise<number>((resolve) => {
    child.once("close", (status, signal) => resolve(status ?? (signal === "SIGKILL" ? 137 : 1)));
  });
  return {
    pid: child.pid ?? 0,
    async line() {
      const next = await lines.next();
      if (!next.done) return next.value;
      const status = await closed;
      throw new Error(`${command} ended with status ${status} before it said anything: ${text(stderr).trim()}`);
    },
    send: (line) => void child.stdin.write(`${line}\n`),
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await closed;
    },
    async done() {
      child.stdin.end();
      return { status: await closed, stdout: text(stdout), stderr: text(stderr) };
    },
  };
}
