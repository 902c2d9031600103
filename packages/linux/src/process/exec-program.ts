import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { addressOf } from "../ffi/memory.ts";
import { stringArray } from "./string-array.ts";

const F_SETFD = 2;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const SIGPIPE = 13;
const SIGXFSZ = 25;
const SIG_DFL = 0;
const SIG_IGN = 1;

/**
 * Becomes another program: same pid, same standard streams, so its exit status, signals and job control are its own. Throws a
 * SystemError where the kernel refuses, and then this process is as it was. `process.execve` (Node 22.15) ends the process
 * where it fails, and leaves standard streams non-blocking.
 */
export function execProgram(
  file: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): never {
  const words = stringArray(argv);
  const variables = stringArray(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
  );
  const path = Buffer.from(`${file}\0`);
  // Node sets both on all three, whoever shares them.
  for (const fd of [0, 1, 2]) {
    libc.fcntl(fd, F_SETFD, 0);
    const flags = libc.fcntl(fd, F_GETFL, 0);
    if (flags >= 0 && (flags & O_NONBLOCK) !== 0) libc.fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
  }
  // Ignored signals stay ignored in the next program; these two are Node's doing.
  for (const signal of [SIGPIPE, SIGXFSZ]) libc.signal(signal, SIG_DFL);
  const result = libc.execve(addressOf(path), words.address, variables.address);
  for (const signal of [SIGPIPE, SIGXFSZ]) libc.signal(signal, SIG_IGN);
  check(result, "execve", file);
  // The buffers must live until here.
  throw new Error(`execve gave ${result} (${words.text.length + variables.text.length + path.length} bytes)`);
}

/** Keeps a descriptor over the next `execProgram`. */
export function keepOverExec(fd: number): void {
  check(libc.fcntl(fd, F_SETFD, 0), "fcntl");
}
