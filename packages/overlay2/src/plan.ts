import { type Dialect, type Layer, type MountMode, type MountPlan, StorageError } from "@copyup/core";
import { OVERLAY_MAX_LOWERS } from "@copyup/linux";
import type { OverlayDialect } from "./dialect.ts";
import { diffOf, emptyOf, workOf } from "./layout.ts";
import { mountOptions } from "./mount-options.ts";
import type { OverlayOptions } from "./options.ts";

/**
 * One less than the kernel's lowers: in a view of a committed layer the layer is a lower itself, and what cannot be viewed
 * should not be makeable.
 */
export const MAX_PARENTS = OVERLAY_MAX_LOWERS - 1;

/** The mount of a chain, nearest layer first. Pure. Throws `TOO_MANY_LAYERS`, and `STORE_FORMAT` for a chain of two dialects. */
export function planChain(chain: readonly Layer[], mode: MountMode, options: OverlayOptions): MountPlan {
  const head = chain[0];
  if (head === undefined) throw new TypeError("a chain has at least one layer");
  const dialect = commonDialect(chain, head);
  const count = mode === "rw" ? chain.length - 1 : chain.length;
  if (count > OVERLAY_MAX_LOWERS) throw tooMany(count, head);
  const writable = mode === "rw" ? { upper: diffOf(head), work: workOf(head) } : { upper: null, work: null };
  // The kernel wants one lower below an upper, and two where there is none.
  const empty = chain.length === 1 ? [emptyOf(head)] : [];
  const lowers = mode === "ro" ? [...chain.map(diffOf), ...empty] : chain.length === 1 ? empty : belowHead(chain);
  return { steps: [{ type: "overlay", lowers, ...writable, options: mountOptions(dialect, options) }] };
}

/** By the nearest of them: a committed layer's ancestors never change, and the store gives the same layers for each mount. */
const lowersFrom = new WeakMap<Layer, readonly string[]>();

function belowHead(chain: readonly Layer[]): readonly string[] {
  const nearest = chain[1]!;
  const known = lowersFrom.get(nearest);
  if (known !== undefined && known.length === chain.length - 1) return known;
  const lowers = Object.freeze(chain.slice(1).map(diffOf));
  lowersFrom.set(nearest, lowers);
  return lowers;
}

function tooMany(lowers: number, head: Layer): StorageError {
  return new StorageError({
    code: "TOO_MANY_LAYERS",
    op: "mount",
    driver: "overlay2",
    layer: head.id,
    message: `the mount would have ${lowers} lower directories: overlay takes ${OVERLAY_MAX_LOWERS}`,
    hint: "make one base of the chain: mount a view of an ancestor and `copyup layer import` it",
  });
}

/** An overlay reads opaque directories in one dialect only; those of the other would show what they hide. */
function commonDialect(chain: readonly Layer[], head: Layer): OverlayDialect {
  const odd = chain.find((layer) => layer.dialect !== head.dialect);
  if (odd === undefined && isOverlay(head.dialect)) return head.dialect;
  throw new StorageError({
    code: "STORE_FORMAT",
    op: "mount",
    driver: "overlay2",
    layer: head.id,
    message:
      odd === undefined
        ? `layer ${head.id} is written in the dialect ${head.dialect}, which is not overlay's`
        : `layer ${head.id} is written in the dialect ${head.dialect}, its ancestor ${odd.id} in ${odd.dialect}: no mount reads both`,
    hint: "use the store from where its layers were made: as root, or in the user namespace",
  });
}

function isOverlay(dialect: Dialect): dialect is OverlayDialect {
  return dialect === "overlay-trusted" || dialect === "overlay-user";
}
