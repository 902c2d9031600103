import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, readSync } from "node:fs";
import { type DaemonStep, daemonArguments, StorageError } from "@copyup/core";
import { AT_FDCWD, O_RDONLY } from "../../constants.ts";
import { check } from "../../errors.ts";
import { libc } from "../../ffi/libc.ts";
import { cstring } from "../../ffi/memory.ts";
import { openAt } from "../../files/files.ts";
import { isRunning, type ProcessIdentity, processStartTime } from "../holders.ts";
import { findProgram } from "./find-program.ts";

/** A daemon that was started and has not mounted yet. */
export interface StartedDaemon {
  readonly process: ProcessIdentity;
  running(): boolean;
  /** What it has said on stderr so far. */
  said(): string;
  /** Ends it at once. */
  kill(): void;
  /** From here on it is nobody's child to watch: what it says is lost, and it may outlive us. */
  letGo(): void;
}

const SAID_MAX_BYTES = 4096;

/**
 * Starts a step's program in the foreground, as leader of a session of its own (Ctrl-C at our terminal is not meant for it),
 * with nothing of ours open: stdin and stdout are /dev/null, stderr is in memory, and every other descriptor of ours is
 * close-on-exec. Its environment is PATH alone, because options hide in others (FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT).
 */
export function startDaemon(step: DaemonStep, target: string): StartedDaemon {
  const [name = "", ...given] = daemonArguments(step, target);
  const program = findProgram(name);
  if (program === null) throw notStarted(name, target, "it is not on PATH, nor in /usr/bin");
  const stderr = memoryFile();
  let child: ChildProcess;
  try {
    child = spawn(program, [...step.foreground, ...given], {
      cwd: step.cwd,
      detached: true,
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
      stdio: ["ignore", "ignore", stderr],
    });
  } catch (error) {
    closeSync(stderr);
    throw notStarted(name, target, (error as Error).message, error);
  }
  // Told later, and by then known: there is no pid.
  child.on("error", () => {});
  child.unref();
  const { pid } = child;
  const startTime = pid === undefined ? null : processStartTime(pid);
  if (pid === undefined || startTime === null) {
    closeSync(stderr);
    requireDescriptors();
    throw notStarted(name, target, `it could not be executed in ${step.cwd}`);
  }
  const identity = { pid, startTime };
  return {
    process: identity,
    running: () => isRunning(identity),
    said: () => readSaid(stderr),
    kill: () => void child.kill("SIGKILL"),
    letGo: () => closeSync(stderr),
  };
}

const MFD_CLOEXEC = 1;

/** Its words go to memory and not to a pipe, so that it neither waits for a reader nor dies for want of one. */
function memoryFile(): number {
  return check(libc.memfdCreate(cstring("copyup-daemon-stderr"), MFD_CLOEXEC), "memfd_create");
}

/**
 * spawn tells the reason only in an event, later. Where descriptors ran out this throws the same: it needs a pipe and one for
 * each of the child's.
 */
function requireDescriptors(): void {
  const opened: number[] = [];
  try {
    for (let i = 0; i < 8; i++) opened.push(openAt(AT_FDCWD, "/dev/null", O_RDONLY));
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

function readSaid(fd: number): string {
  const buffer = Buffer.alloc(SAID_MAX_BYTES);
  return buffer.toString("utf8", 0, readSync(fd, buffer, 0, SAID_MAX_BYTES, 0)).trim();
}

function notStarted(name: string, target: string, why: string, cause?: unknown): StorageError {
  return new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    path: target,
    message: `${name}, which was to mount ${target}, could not be started: ${why}`,
    hint: `\`${name} --version\` says whether it is installed`,
    cause,
  });
}
