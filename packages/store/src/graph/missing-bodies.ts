import { isStorageError, type Layer, StorageError } from "@copyup/core";
import { AT_FDCWD, existsAt } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";

/**
 * Runs what reads the bodies of a chain. If it fails and one of them is not there, the error is CORRUPT naming that layer:
 * the kernel's ENOENT would name a path, or nothing. Looked for only then, so a chain of 500 costs nothing.
 */
export async function namingMissingBodies<T>(
  context: StoreContext,
  chain: readonly Layer[],
  op: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw whyMissing(context, chain, op, error);
  }
}

/** What to throw of an error from what reads the bodies of a chain. */
export function whyMissing(context: StoreContext, chain: readonly Layer[], op: string, error: unknown): unknown {
  return (isStorageError(error, "ABORTED") ? null : missingBody(context, chain, op, error)) ?? error;
}

export function missingBody(
  context: StoreContext,
  chain: readonly Layer[],
  op: string,
  cause: unknown,
): StorageError | null {
  const missing = chain.find((layer) => !existsAt(AT_FDCWD, context.driver.access(layer).dir));
  if (missing === undefined) return null;
  const { dir } = context.driver.access(missing);
  return new StorageError({
    code: "CORRUPT",
    op,
    driver: context.driver.name,
    layer: missing.id,
    path: dir,
    message: `the content of layer ${missing.id} is gone: there is no ${dir}`,
    hint: "`copyup store check` names every layer this concerns; the others stay usable",
    cause,
  });
}
