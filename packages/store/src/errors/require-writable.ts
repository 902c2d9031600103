import { StorageError } from "@copyup/core";
import type { StoreContext } from "../store-context.ts";

/** The first thing each writing verb asks. */
export function requireWritable(context: StoreContext, op: string, layer?: string): void {
  if (context.writable) return;
  throw new StorageError({
    code: "READ_ONLY",
    op,
    driver: context.driver.name,
    layer,
    path: context.layout.root,
    message: `the store at ${context.layout.root} cannot be written`,
    hint: "its filesystem is read-only, or it belongs to another user; ls, show, changes, diff and explain still work",
  });
}
