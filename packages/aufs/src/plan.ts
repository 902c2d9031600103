import { type Layer, type MountMode, type MountPlan, StorageError } from "@copyup/core";
import { diffOf, workOf } from "./layout.ts";
import { MEMORY, MOUNT_OPTIONS } from "./mount-options.ts";

/** CONFIG_AUFS_BRANCH_MAX_127, what every distribution that had aufs built it with; the 128th branch is ENOSPC (6.1). */
const MAX_BRANCHES = 127;

/** How many ancestors a layer may have: the layer is a branch itself, in a view as in a writable mount. */
export const MAX_PARENTS = MAX_BRANCHES - 1;

/** The mount of a chain, nearest layer first. Pure. Throws `TOO_MANY_LAYERS`, `STORE_FORMAT` for layers of another dialect. */
export function planChain(chain: readonly Layer[], mode: MountMode): MountPlan {
  const [head] = chain;
  if (head === undefined) throw new TypeError("a chain has at least one layer");
  if (chain.length > MAX_BRANCHES) throw tooMany(chain.length, head);
  for (const layer of chain) if (layer.dialect !== "aufs") throw foreign(layer, head);
  const branches = chain.map((layer, i) => {
    return { path: diffOf(layer), permission: mode === "rw" && i === 0 ? ("rw" as const) : ("ro+wh" as const) };
  });
  const xino = [MEMORY, workOf(head)];
  return { steps: [{ type: "aufs", branches, readonly: mode === "ro", options: MOUNT_OPTIONS, xino }] };
}

function tooMany(branches: number, head: Layer): StorageError {
  return new StorageError({
    code: "TOO_MANY_LAYERS",
    op: "mount",
    driver: "aufs",
    layer: head.id,
    message: `the mount would have ${branches} branches: aufs takes ${MAX_BRANCHES}`,
    hint: "make one base of the chain: mount a view of an ancestor and `copyup layer import` it",
  });
}

function foreign(layer: Layer, head: Layer): StorageError {
  return new StorageError({
    code: "STORE_FORMAT",
    op: "mount",
    driver: "aufs",
    layer: head.id,
    message: `layer ${layer.id} is written in the dialect ${layer.dialect}, which aufs does not read`,
    hint: "diff the layer with the driver that made it, and apply it to a store of aufs",
  });
}
