import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { pin } from "../ffi/memory.ts";
import { closeFd } from "../files/files.ts";
import { findProgram } from "../mounts/daemon/find-program.ts";
import { refusedNamespace } from "./refused-namespace.ts";

const O_CLOEXEC = 0o2000000;
const pipe = pin(8);

export interface Holder {
  readonly pid: number;
  /** Our end of its standard input: it ends when this is closed everywhere. */
  readonly lifeline: number;
}

/**
 * A process in a new user and mount namespace that waits for the end of its input. util-linux' unshare makes the namespaces
 * (Node has many threads, and unshare(CLONE_NEWUSER) refuses those with EINVAL), cat waits; that it answers says that both
 * are made and no mount goes from one to the other any more. Rejects with NEEDS_NAMESPACE.
 */
export async function startHolder(): Promise<Holder> {
  check(libc.pipe2(pipe.ptr, O_CLOEXEC), "pipe2");
  const [theirs, lifeline] = [pipe.buffer.readInt32LE(0), pipe.buffer.readInt32LE(4)];
  const args = ["--user", "--mount", "--propagation", "private", "--", "cat"];
  const child = spawn(findProgram("unshare") ?? "unshare", args, { stdio: [theirs, "pipe", "pipe"] });
  closeFd(theirs);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new TypeError("both were asked for");
  let said = "";
  stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  try {
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", () => reject(new Error(said.trim() || "unshare(1) ended without a word")));
      stdout.once("data", () => resolve());
      ask(lifeline);
    });
  } catch (error) {
    closeFd(lifeline);
    throw refusedNamespace((error as Error).message);
  }
  // Its end is no news to this process, which will be another program by then.
  child.removeAllListeners("close").unref();
  stdout.destroy();
  stderr.destroy();
  return { pid: child.pid!, lifeline };
}

/** EPIPE where it has ended already: its last words say more. */
function ask(lifeline: number): void {
  try {
    writeSync(lifeline, ".");
  } catch {}
}
