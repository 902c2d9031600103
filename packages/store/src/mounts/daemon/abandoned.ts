import { setTimeout } from "node:timers/promises";
import {
  AT_FDCWD,
  isRunning,
  isSystemError,
  listDirectory,
  mountNamespace,
  processStartTime,
  readlinkAt,
  readWholeFile,
  signalDaemon,
} from "@copyup/linux";
import type { StoreContext } from "../../store-context.ts";
import type { MountRecord } from "../mount-record.ts";
import { endDaemon } from "./end-daemon.ts";
import { knownDaemon } from "./known-daemon.ts";

/**
 * A daemon keeps the mount namespace alive that it is in, so a mount of a process that was killed there would never go. Where
 * nobody else is in that namespace the daemon is ended; SIGTERM lets it write what it has got. True when it is gone.
 */
export async function endAbandoned(context: StoreContext, record: MountRecord): Promise<boolean> {
  const daemon = knownDaemon(context, record);
  if (daemon === null) return false;
  if (!isRunning(daemon)) return true;
  if (processes().some((pid) => pid !== daemon.pid && namespaceOf(pid) === record.mountNamespace)) return false;
  signalDaemon(daemon, "SIGTERM");
  return await endDaemon(daemon);
}

/**
 * Ends the daemons that a killed process had started for this target and that nobody knows of: one that was still starting
 * would mount there later. They are told by the directory they were started in and the target in their arguments.
 */
export async function endStrays(target: string, cwd: string): Promise<void> {
  for (const pid of processes()) {
    if (linkOf(`/proc/${pid}/cwd`) !== cwd || !(await argumentsAfterExec(pid)).includes(target)) continue;
    const startTime = processStartTime(pid);
    if (startTime === null) continue;
    const daemon = { pid, startTime };
    signalDaemon(daemon, "SIGTERM");
    await endDaemon(daemon);
  }
}

function processes(): number[] {
  return listDirectory("/proc").map(Number).filter(Number.isInteger);
}

/** Null where the process has ended, or is not ours to look into. */
function tryRead<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function namespaceOf(pid: number): string | null {
  return tryRead(() => mountNamespace(pid));
}

function linkOf(link: string): string | null {
  return tryRead(() => readlinkAt(AT_FDCWD, link).toString());
}

/** In the midst of its exec a process has no arguments, and no descriptor that would tell of it (its lock is free already). */
async function argumentsAfterExec(pid: number): Promise<string[]> {
  const until = performance.now() + EXEC_GETS_MS;
  for (;;) {
    const found = argumentsOf(pid);
    if (found.length > 1 || linkOf(`/proc/${pid}/cwd`) === null || performance.now() > until) return found;
    await setTimeout(1);
  }
}

const EXEC_GETS_MS = 1000;

function argumentsOf(pid: number): string[] {
  return tryRead(() => readWholeFile(AT_FDCWD, `/proc/${pid}/cmdline`).toString().split("\0")) ?? [];
}
