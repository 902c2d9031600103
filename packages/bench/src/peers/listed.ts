import { StorageError } from "@copyup/core";

/** Throws IO unless a list has all layers of its store, and no other. */
export function requireListed(who: string, listed: number, layers: number): void {
  if (listed === layers) return;
  const message = `${who} did not reach the same result: it lists ${listed} layers of ${layers}`;
  throw new StorageError({ code: "IO", op: "bench", message });
}
