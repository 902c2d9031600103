import type { Layer, MountMode, StorageError } from "@copyup/core";
import { listHolders, listNames } from "../errors/list-names.ts";
import { inUse } from "../locks/layer-locks.ts";
import type { StoreContext } from "../store-context.ts";
import type { LiveMount } from "./live-mount.ts";

/**
 * May the layer be mounted in that mode beside the uses it has? The kernel does not guard that no upper is shared, and none
 * is anyone's lower: these records do (house rule 2). Throws LAYER_IN_USE naming the use.
 */
export function refuseConflict(context: StoreContext, layer: Layer, mode: MountMode, uses: readonly LiveMount[]): void {
  for (const use of uses) {
    const why = conflict(layer, mode, use);
    if (why) throw usedBy(context, layer.id, "mount", use, why);
  }
}

function conflict(layer: Layer, mode: MountMode, use: LiveMount): string | null {
  const { record, state } = use;
  switch (state) {
    case "path":
      return null;
    case "elsewhere":
      return "a mount of it here would be a second superblock, or a bind the other namespace does not see";
    case "detached":
      return record.writable || mode === "rw" ? "a second superblock must not have its upper" : null;
    case "lent":
      if (record.mode === "rw") return "the borrower has its upper";
      return mode === "rw" ? "for the borrower its upper is a lower" : null;
    case "here":
      return mode === "rw" && !record.writable && layer.state === "active" ? "in that view its upper is a lower" : null;
  }
}

/** LAYER_IN_USE in the words for one use of a layer. */
export function usedBy(context: StoreContext, id: string, op: string, use: LiveMount, why?: string): StorageError {
  const text = `is ${howUsed(use)}${why ? `: ${why}` : ""}`;
  return inUse(context, id, op, text, hintFor(use));
}

/** For what needs the layer unused: LAYER_IN_USE naming every use there is. */
export function refuseUsed(context: StoreContext, id: string, op: string, uses: readonly LiveMount[]): void {
  const [first] = uses;
  if (first) throw inUse(context, id, op, `is ${listNames(uses.map(howUsed))}`, hintFor(first));
}

export function howUsed(use: LiveMount): string {
  const { record, at, holders } = use;
  const owner = record.owner === "process" ? ` by pid ${record.process.pid}` : "";
  switch (use.state) {
    case "here":
      return holders.length > 0
        ? `mounted at ${at} (${record.mode}${owner}, which has ended) and still used by ${listHolders(holders)}`
        : `mounted at ${at} (${record.mode}${owner}${use.dead ? "; the daemon behind it is dead" : ""})`;
    case "elsewhere":
      return `mounted at ${at} in another mount namespace (${holders.map(({ pid, command }) => `pid ${pid}, ${command}`).join("; ") || record.mountNamespace})`;
    case "detached":
      return `unmounted from ${at} but still used by ${listHolders(holders) || "something that cannot be seen from here"}`;
    case "path":
      return `handed out as a path${owner} (${record.mode})`;
    case "lent":
      return `lent (${record.mode}) to a caller that mounts it itself`;
  }
}

function hintFor(use: LiveMount): string {
  switch (use.state) {
    case "here":
      return use.holders.length > 0
        ? "it is unmounted once they have closed their files or ended"
        : `unmount it first: copyup umount ${use.at}`;
    case "elsewhere":
      return `unmount it there: nsenter -t ${use.holders[0]?.pid ?? "PID"} -m copyup umount ${use.at}`;
    case "detached":
      return "it is free when they have closed their files or ended";
    case "path":
      return "it is free when that process has let go of it, or ended";
    case "lent":
      return "the borrower unmounts it and releases it";
  }
}
