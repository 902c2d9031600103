import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The next line it prints; rejects with its stderr if it ends before. */
  line(): Promise<string>;
  send(line: string): void;
  kill(): Promise<void>;
  /** Waits for its end; rejects unless that is well. */
  done(): Promise<void>;
}

export interface ChildOptions {
  readonly newMountNamespace?: boolean;
  readonly uid?: number;
}

/** Runs one of the programs of this directory in a process of its own, from the sources. */
export function runChild(program: string, args: readonly string[], options: ChildOptions = {}): Child {
  const node = [
    process.execPath,
    "--conditions=@copyup/source",
    "--no-warnings",
    path.join(import.meta.dirname, program),
    ...args,
  ];
  const wrapped = options.newMountNamespace ? ["unshare", "-m", "--propagation", "private", ...node] : node;
  const [command = "", ...rest] = wrapped;
  const child = spawn(command, rest, {
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  child.stdin.on("error", () => {});
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = once(child, "close");
  return {
    pid: child.pid ?? 0,
    process: child,
    async line() {
      const next = await lines.next();
      if (!next.done) return next.value;
      await closed;
      throw new Error(`${program} ended: ${stderr}`);
    },
    send: (line) => void child.stdin.write(`${line}\n`),
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
    async done() {
      child.stdin.end();
      await closed;
      if (child.exitCode !== 0) throw new Error(`${program} failed: ${stderr}`);
    },
  };
}
