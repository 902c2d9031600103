import { StorageError } from "@copyup/core";
import type { StoreContext } from "../store-context.ts";
import { takeLock } from "./take-lock.ts";

/**
 * Runs `act` under run/lock, which guards the graph and the mount targets of the whole store. Synchronous and short on
 * purpose: nothing is copied, hashed, synced or waited for in there.
 */
export async function withStoreLock<T>(
  context: StoreContext,
  op: string,
  signal: AbortSignal | undefined,
  act: () => T,
): Promise<T> {
  const lock = await takeLock(context.layout.lockFile, { kind: "exclusive", signal });
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
