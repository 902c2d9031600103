import { otherResult } from "../verify/other-result.ts";

/** Throws IO unless a list has all layers of its store, and no other. */
export function requireListed(who: string, listed: number, layers: number): void {
  if (listed !== layers) throw otherResult(who, `it lists ${listed} layers of ${layers}`);
}
