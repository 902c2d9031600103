import { setTimeout } from "node:timers/promises";
import { isRunning, type ProcessIdentity } from "../holders.ts";

/**
 * Waits until a daemon has ended, as it does by itself once its mount is gone: before that it may still have writes to do.
 * False where it has not within that time.
 */
export async function daemonEnded(daemon: ProcessIdentity, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (let pauseMs = 1; isRunning(daemon); pauseMs = Math.min(pauseMs * 2, 20)) {
    if (performance.now() > until) return false;
    await setTimeout(pauseMs);
  }
  return true;
}

/** Ends it, if it is still that process: `SIGTERM` lets it write what it has and unmount, `SIGKILL` does not. */
export function signalDaemon(daemon: ProcessIdentity, signal: "SIGTERM" | "SIGKILL"): void {
  if (!isRunning(daemon)) return;
  try {
    process.kill(daemon.pid, signal);
  } catch (error) {
    // It ended by itself, or belongs to another user.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
