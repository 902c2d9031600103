import { StorageError } from "@copyup/core";
import type { StoreContext } from "../store-context.ts";
import { type HeldLock, takeLockSoon } from "./take-lock.ts";

/**
 * Runs `act` under run/lock, which guards the graph and the mount targets of the whole store. Synchronous and short on
 * purpose: nothing is copied, hashed, synced or waited for in there. A promise only while the lock is busy; await it in any case.
 */
export function withStoreLock<T>(
  context: StoreContext,
  op: string,
  signal: AbortSignal | undefined,
  act: () => T,
): T | Promise<T> {
  const lock = takeLockSoon(context.layout.lockFile, { kind: "exclusive", signal });
  return lock instanceof Promise
    ? lock.then((held) => underLock(context, op, held, act))
    : underLock(context, op, lock, act);
}

function underLock<T>(context: StoreContext, op: string, lock: HeldLock | null, act: () => T): T {
  if (lock === null) {
    throw new StorageError({
      code: "READ_ONLY",
      op,
      driver: context.driver.name,
      path: context.layout.lockFile,
      message: `${context.layout.lockFile} cannot be made`,
      hint: "was the store removed meanwhile?",
    });
  }
  try {
    return act();
  } finally {
    lock.release();
  }
}
