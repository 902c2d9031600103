import type { Layer } from "@copyup/core";
import { superblockAlive } from "@copyup/linux";
import type { UnmountReport } from "../layer-store.ts";
import type { StoreContext } from "../store-context.ts";
import { afterUnmount } from "./after-unmount.ts";
import { beforeUnmount } from "./before-unmount.ts";
import { nestedError, nestedMounts } from "./busy-error.ts";
import { endSilentDaemon } from "./daemon/end-silent.ts";
import { forgetMount } from "./forget-mount.ts";
import { sameMount, sameSuperblock, standsAt } from "./identity.ts";
import type { LiveMount } from "./live-mount.ts";
import { markDetached } from "./mark-detached.ts";
import { type HeldQuestion, stillHeld } from "./still-held.ts";
import { isUnmounted, unmountPatiently } from "./unmount-patiently.ts";

/**
 * Takes one record's mount away. `uses`: all live uses of the layer. If others share this very mount, only the count goes
 * down. What is still used afterwards stays in use: its record becomes `detached`.
 */
export async function unmountUse(
  context: StoreContext,
  layer: Layer | null,
  use: LiveMount,
  uses: readonly LiveMount[],
  lazy: boolean,
): Promise<UnmountReport> {
  const { mount } = use.record;
  const others = uses.filter(
    (other) => other.file !== use.file && other.state === "here" && other.record.mount !== null,
  );
  if (mount === null || others.some((other) => other.record.mount && sameMount(other.record.mount, mount))) {
    forgetMount(use);
    return { notes: [] };
  }
  if (standsAt(use.at, mount) === false) throw nestedError(context, use, [use.at]);
  const dead = use.record.daemon ? await endSilentDaemon(context, use) : null;
  if (dead === null && context.driver.beforeUnmount) await beforeUnmount(context, layer, use);
  if (lazy || dead !== null) refuseNested(context, use);
  // Files that are still open in a dead one are lost already.
  if (!isUnmounted(use.at, lazy || dead !== null)) await unmountPatiently(context, use, lazy || dead !== null);
  const siblings = others.some((other) => other.record.mount && sameSuperblock(other.record.mount, mount));
  const question = { layer, record: use.record, siblings, plainly: !lazy };
  if (!isOver(question) && (await stillHeld(context, question)).held) markDetached(context, use);
  else {
    forgetMount(use);
    if (!siblings && context.driver.afterUnmount) await afterUnmount(context, layer, [use]);
  }
  return { notes: dead === null ? [] : [dead] };
}

/** The usual case at a look: the only mount of an own superblock was unmounted, and that is gone with it. */
function isOver({ record, siblings }: HeldQuestion): boolean {
  if (record.kind !== "own" || record.daemon || siblings || record.mount === null) return false;
  return superblockAlive(record.mount) === false;
}

function refuseNested(context: StoreContext, use: LiveMount): void {
  const nested = nestedMounts(use);
  if (nested.length > 0) throw nestedError(context, use, nested);
}
