import { setTimeout as sleep } from "node:timers/promises";
import { EBUSY, EINVAL, isSystemError, unmount } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import { findBusy, isUnseen, whyBusy } from "./busy-error.ts";
import type { LiveMount } from "./live-mount.ts";

/**
 * Who looks at /proc/PID/fd, or walks a path into the mount, holds it for microseconds, and for longer if it loses its CPU
 * there; nobody can be named then. containerd asks 50 times, 50 ms apart; here it is rarer, since the holders are looked for.
 */
const PAUSES_MS = [2, 10, 50, 100];

/** Nobody keeps it busy, so it is done at the first try. False: it takes patience. */
export function isUnmounted(at: string, lazy: boolean): boolean {
  try {
    unmount(at, lazy);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

/** Throws MOUNT_BUSY with who uses it: at once where somebody can be seen, else after asking again for a moment. */
export async function unmountPatiently(context: StoreContext, use: LiveMount, lazy: boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      unmount(use.at, lazy);
      return;
    } catch (error) {
      // Somebody unmounted it between our look and our call: what we were asked for is done.
      if (isSystemError(error, EINVAL)) return;
      if (!isSystemError(error, EBUSY)) throw error;
      const busy = findBusy(use);
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !isUnseen(busy)) throw whyBusy(context, use, busy, error);
      await sleep(pause);
    }
  }
}
