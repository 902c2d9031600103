import { daemonEnded, type ProcessIdentity, signalDaemon } from "@copyup/linux";

/** It writes what it has got, which may be much; a daemon that takes longer is stuck. */
const PATIENCE_MS = 10_000;
const AFTER_A_SIGNAL_MS = 2000;

/**
 * Waits for the end of a daemon whose mount is gone: until then it may still write to the layer. One that does not end is
 * told to, and then ended. False where even that did not help (it belongs to another user).
 */
export async function endDaemon(daemon: ProcessIdentity): Promise<boolean> {
  if (await daemonEnded(daemon, PATIENCE_MS)) return true;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalDaemon(daemon, signal);
    if (await daemonEnded(daemon, AFTER_A_SIGNAL_MS)) return true;
  }
  return false;
}
