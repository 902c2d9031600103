import { isLayerId } from "@copyup/core";
import { listDirectory } from "@copyup/linux";
import { stateLockFile } from "../locks/layer-locks.ts";
import { tryLock } from "../locks/take-lock.ts";
import type { StoreContext } from "../store-context.ts";
import { tryRmdir } from "./own-target.ts";

/** Removes the directories below run/mnt/ that a process killed just before or after its mount left. */
export function sweepTargets(context: StoreContext): void {
  for (const name of listDirectory(context.layout.mountPoints)) {
    const id = name.replace(/\.ro$/, "");
    if (!isLayerId(id)) continue;
    // Whoever makes such a directory holds the layer's lock until something is mounted on it; then it cannot be removed.
    const lock = tryLock(stateLockFile(context, id), { kind: "exclusive" });
    if (lock === "busy") continue;
    tryRmdir(`${context.layout.mountPoints}/${name}`);
    lock?.release();
  }
}
