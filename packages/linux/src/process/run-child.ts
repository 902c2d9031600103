import { AT_FDCWD, O_CLOEXEC, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from "../constants.ts";
import { check, EINTR } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { addressOf, cstring, pin } from "../ffi/memory.ts";
import { closeFd, openAt } from "../files/files.ts";
import { ownPeakBytes } from "../host/rusage.ts";
import { stringArray } from "./string-array.ts";

const POSIX_SPAWN_SETSIGDEF = 0x04;
const SIGPIPE = 13;
const MFD_CLOEXEC = 1;
const SAID_BYTES = 4096;

// posix_spawn_file_actions_t is 80 bytes, posix_spawnattr_t 336, sigset_t 128 in glibc on 64-bit machines.
const actions = pin(128);
const attributes = pin(512);
const signals = pin(128);
const answer = pin(8);
const usage = pin(144);
const said = pin(SAID_BYTES);
/** What posix_spawn is reading: V8 would collect it after its last named use. */
const inUse: unknown[] = [];

export interface ChildOptions {
  readonly cwd: string;
  /** Instead of this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Paths; /dev/null without them. */
  readonly stdin?: string;
  readonly stdout?: string;
}

export interface ChildEnd {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly signal: number | null;
  /** User and system time of it and of the children it waited for, in ms. */
  readonly cpuMs: number;
  /**
   * The largest resident set of it or of one of those children, in bytes. Null where it was below this process's own: exec
   * counts the memory that the child shared with its parent until then (setmax_mm_hiwater_rss in fs/exec.c; seen on 6.18).
   */
  readonly peakBytes: number | null;
  /** The last 4 KiB of its standard error. */
  readonly stderr: string;
}

/**
 * Runs a program to its end and tells what it took, which Node's child processes do not: theirs are waited for by libuv. It
 * blocks this thread, so nothing of this process is in the figures. Throws a SystemError if it cannot be started.
 */
export function runChild(argv: readonly [string, ...string[]], options: ChildOptions): ChildEnd {
  const opened: number[] = [];
  const open = (fd: number) => {
    opened.push(fd);
    return fd;
  };
  try {
    const stdin = open(openAt(AT_FDCWD, options.stdin ?? "/dev/null", O_RDONLY | O_CLOEXEC));
    const write = O_WRONLY | O_CLOEXEC | (options.stdout === undefined ? 0 : O_CREAT | O_TRUNC);
    const stdout = open(openAt(AT_FDCWD, options.stdout ?? "/dev/null", write, 0o600));
    const stderr = open(check(libc.memfdCreate(cstring("stderr"), MFD_CLOEXEC), "memfd_create"));
    return { ...waitFor(start(argv, options, [stdin, stdout, stderr])), stderr: tail(stderr) };
  } finally {
    for (const fd of opened) closeFd(fd);
  }
}

function start(argv: readonly [string, ...string[]], { cwd, env = process.env }: ChildOptions, streams: number[]) {
  const words = stringArray(argv);
  const variables = stringArray(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
  );
  const directory = Buffer.from(`${cwd}\0`);
  inUse.splice(0, inUse.length, words, variables, directory);
  libc.spawnActionsInit(actions.ptr);
  libc.spawnAttributesInit(attributes.ptr);
  try {
    libc.spawnActionsChdir(actions.ptr, addressOf(directory));
    for (const [as, fd] of streams.entries()) libc.spawnActionsDup2(actions.ptr, fd, as);
    // Node ignores it, and a pipeline whose reader ends would go on writing.
    signals.buffer.fill(0).writeBigUInt64LE(1n << BigInt(SIGPIPE - 1));
    libc.spawnAttributesSigdefault(attributes.ptr, signals.ptr);
    libc.spawnAttributesFlags(attributes.ptr, POSIX_SPAWN_SETSIGDEF);
    const file = cstring(argv[0]);
    const error = libc.spawn(answer.ptr, file, actions.ptr, attributes.ptr, words.address, variables.address);
    check(-error, "posix_spawn", argv[0]);
    return answer.buffer.readInt32LE();
  } finally {
    libc.spawnActionsDestroy(actions.ptr);
    libc.spawnAttributesDestroy(attributes.ptr);
  }
}

function waitFor(pid: number): Omit<ChildEnd, "stderr"> {
  let result: number;
  do result = libc.wait4(pid, answer.ptr, 0, usage.ptr);
  while (result === -EINTR);
  check(result, "wait4");
  const status = answer.buffer.readInt32LE();
  const signal = status & 0x7f;
  const word = (index: number) => Number(usage.buffer.readBigInt64LE(index * 8));
  const peakBytes = word(4) * 1024;
  return {
    status: signal === 0 ? (status >> 8) & 0xff : null,
    signal: signal === 0 ? null : signal,
    cpuMs: (word(0) + word(2)) * 1000 + (word(1) + word(3)) / 1000,
    peakBytes: peakBytes > ownPeakBytes() ? peakBytes : null,
  };
}

function tail(fd: number): string {
  const size = check(libc.lseek(fd, 0, 2), "lseek");
  const length = check(libc.pread(fd, said.ptr, SAID_BYTES, Math.max(0, size - SAID_BYTES)), "pread");
  return said.buffer.toString("utf8", 0, length);
}
