import { checkLayerId, StorageError } from "@copyup/core";
import { listNames } from "../errors/list-names.ts";
import { layerDirectory } from "../layout.ts";
import type { StoreContext } from "../store-context.ts";
import { lockHolders } from "./lock-holders.ts";
import { type HeldLock, takeLock, takeLockSoon } from "./take-lock.ts";

/**
 * Two locks a layer, in its directory, so that they come and go with it. Always taken in this order, and before run/lock:
 *
 * - `use.lock`: shared by who reads the body for a while (diff, changes, check, a child being built on it), exclusive for remove.
 * - `state.lock`: exclusive, for each change of state: mount, unmount, lend, commit, labels, remove. Who holds it long
 *   (commit, remove) says so in it, and others are refused with LAYER_IN_USE; the short ones are waited for.
 */
export function useLockFile(context: StoreContext, id: string): string {
  checkLayerId(id, "lock");
  return `${layerDirectory(context.layout, id)}/use.lock`;
}

export function stateLockFile(context: StoreContext, id: string): string {
  checkLayerId(id, "lock");
  return `${layerDirectory(context.layout, id)}/state.lock`;
}

export interface LayerLockWish {
  readonly op: string;
  readonly signal?: AbortSignal | undefined;
}

/** Keeps the layer from being removed. Null on a store that can only be read: nothing to lock with. */
export function lockForReading(context: StoreContext, id: string, wish: LayerLockWish): Promise<HeldLock | null> {
  return takeLock(useLockFile(context, id), { kind: "shared", signal: wish.signal });
}

/** A reader that has just ended, or a check passing by, is waited for; a longer one is named. */
const READERS_GET_MS = 100;

export async function lockForRemoval(context: StoreContext, id: string, wish: LayerLockWish): Promise<HeldLock> {
  const file = useLockFile(context, id);
  const lock = await takeLock(file, {
    kind: "exclusive",
    signal: wish.signal,
    whileBusy: (_, waitedMs) => {
      if (waitedMs < READERS_GET_MS) return;
      const readers = lockHolders(file).map(({ pid, command }) => `pid ${pid} (${command})`);
      throw inUse(
        context,
        id,
        wish.op,
        `is being read, or a layer is being built on it, by ${listNames(readers) || "a process not seen from here"}`,
      );
    },
  });
  return lock ?? gone(context, id, wish.op);
}

export interface StateLockWish extends LayerLockWish {
  /** Set for an operation that takes long. */
  readonly long?: boolean;
}

/** A promise only while it is busy; await it in any case. */
export function lockState(context: StoreContext, id: string, wish: StateLockWish): HeldLock | Promise<HeldLock> {
  const lock = lockStateIfThere(context, id, wish);
  if (lock instanceof Promise) return lock.then((held) => held ?? gone(context, id, wish.op));
  return lock ?? gone(context, id, wish.op);
}

/** Null where the layer's directory is gone: for looking after what is left of it. */
export function lockStateIfThere(
  context: StoreContext,
  id: string,
  wish: StateLockWish,
): HeldLock | null | Promise<HeldLock | null> {
  return takeLockSoon(stateLockFile(context, id), {
    kind: "exclusive",
    signal: wish.signal,
    note: wish.long ? `${wish.op} by pid ${process.pid}` : undefined,
    whileBusy: (note) => {
      if (note !== "") throw inUse(context, id, wish.op, `is busy: ${note}`);
    },
  });
}

export function inUse(context: StoreContext, id: string, op: string, how: string, hint?: string): StorageError {
  return new StorageError({
    code: "LAYER_IN_USE",
    op,
    driver: context.driver.name,
    layer: id,
    message: `layer ${id} ${how}`,
    hint,
  });
}

function gone(context: StoreContext, id: string, op: string): never {
  throw new StorageError({
    code: "NOT_FOUND",
    op,
    driver: context.driver.name,
    layer: id,
    message: `there is no layer ${id}`,
    hint: "`copyup layer ls` lists the layers",
  });
}
