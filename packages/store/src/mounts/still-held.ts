import { setTimeout } from "node:timers/promises";
import type { Layer } from "@copyup/core";
import { findHolders, type Holder, superblockAlive } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import { bindRootOf, isBindOf } from "./bind-root.ts";
import { heldByDaemon } from "./daemon/held-by-daemon.ts";
import { knownDaemon } from "./daemon/known-daemon.ts";
import { type MountIdentity, sameSuperblock } from "./identity.ts";
import type { MountRecord } from "./mount-record.ts";
import { findElsewhere } from "./namespaces.ts";
import { numberIsReused } from "./reused-number.ts";

export interface HeldAnswer {
  readonly held: boolean;
  /** Who, as far as it can be seen. */
  readonly by: readonly Holder[];
}

const FREE: HeldAnswer = { held: false, by: [] };

export interface HeldQuestion {
  /** Null where its record cannot be read. */
  readonly layer: Layer | null;
  readonly record: MountRecord;
  /** Other mounts of the same superblock live, so the superblock says nothing about this one. */
  readonly siblings: boolean;
  /** It was unmounted plainly just now, which the kernel does only if nobody works through it. */
  readonly plainly: boolean;
}

/**
 * A mount is gone from its place: does anything still use what was mounted? A lazy unmount with open files, a copy in
 * another mount namespace, an overlay that has it as a lower. Only when this says free is the layer no longer in use.
 */
export async function stillHeld(context: StoreContext, question: HeldQuestion): Promise<HeldAnswer> {
  const { layer, record, siblings, plainly } = question;
  const { mount } = record;
  if (mount === null) return FREE;
  const daemon = siblings ? null : knownDaemon(context, record);
  if (daemon !== null) {
    const by = await heldByDaemon(daemon, mount);
    return by === null ? FREE : { held: true, by };
  }
  const openFiles = () => (plainly ? [] : findHolders(mount, mount));
  if (record.kind === "bind") return answer([...copiesOfBind(context, layer), ...openFiles()]);
  if (superblockAlive(mount) === false) return FREE;
  // The siblings keep the layer in use; here it is only asked who still works through this very mount.
  if (siblings) return answer(openFiles());
  return superblockHeld(context, layer, record, mount);
}

async function superblockHeld(
  context: StoreContext,
  layer: Layer | null,
  record: MountRecord,
  mount: MountIdentity,
): Promise<HeldAnswer> {
  for (let wait = 1; ; wait *= 2) {
    if (superblockAlive(mount) === false || numberIsReused(mount, record.layer)) return FREE;
    const found = await holdersOfSuperblock(context, layer, record, mount);
    if (!found.held || wait > LONGEST_WAIT_MS) return found;
    // Somebody may be mounting with our old number just now: not seen as a mount yet, but as an open file of his.
    await setTimeout(wait);
  }
}

const LONGEST_WAIT_MS = 4;

async function holdersOfSuperblock(
  context: StoreContext,
  layer: Layer | null,
  record: MountRecord,
  mount: MountIdentity,
): Promise<HeldAnswer> {
  const busy = layer && record.writable ? ((await context.driver.busy?.(layer)) ?? null) : null;
  if (busy === false) return FREE;
  const seen = answer([
    ...findElsewhere(`${mount.major}:${mount.minor}`, (entry) => sameSuperblock(entry, mount)),
    ...findHolders(mount),
  ]);
  // A view has no upper that a second superblock could damage, so who is not seen need not be feared.
  return record.writable ? { held: true, by: seen.by } : seen;
}

/** A bind has no superblock of its own: copies in other namespaces are found by the directory they show. */
function copiesOfBind(context: StoreContext, layer: Layer | null): Holder[] {
  const bind = layer && bindRootOf(context.driver.access(layer).dir);
  return bind ? findElsewhere(layer.id, (entry) => isBindOf(entry, bind)) : [];
}

function answer(by: readonly Holder[]): HeldAnswer {
  return { held: by.length > 0, by };
}
