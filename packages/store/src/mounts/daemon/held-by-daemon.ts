import { setTimeout } from "node:timers/promises";
import { findHolders, type Holder, isRunning, type ProcessIdentity, superblockAlive } from "@copyup/linux";
import type { MountIdentity } from "../identity.ts";
import { sameSuperblock } from "../identity.ts";
import { findElsewhere } from "../namespaces.ts";
import { endDaemon } from "./end-daemon.ts";

/** What it still has to write may take a while; who holds it is looked for again and again meanwhile. */
const PATIENCE_MS = 10_000;

/**
 * Is a mount that is gone from its place still used? A daemon runs exactly as long as its superblock lives, and some moments
 * more: only when it has ended is the upper at rest. Gives who keeps it, null when it has ended.
 */
export async function heldByDaemon(daemon: ProcessIdentity, mount: MountIdentity): Promise<readonly Holder[] | null> {
  const until = performance.now() + PATIENCE_MS;
  for (let pauseMs = 1; isRunning(daemon); pauseMs = Math.min(pauseMs * 2, 50)) {
    if (superblockAlive(mount) === false) return (await endDaemon(daemon)) ? null : [itself(daemon)];
    if (pauseMs >= 8) {
      // The number may be another superblock's by now; then those who use that one are named, and the daemon soon ends.
      const by = [
        ...findElsewhere(`${mount.major}:${mount.minor}`, (entry) => sameSuperblock(entry, mount)),
        ...findHolders(mount),
      ];
      if (by.length > 0 && pauseMs >= 50) return by;
      if (performance.now() > until) return [itself(daemon)];
    }
    await setTimeout(pauseMs);
  }
  return null;
}

function itself({ pid }: ProcessIdentity): Holder {
  return { pid, command: "the daemon itself", how: "still running", path: "/dev/fuse" };
}
