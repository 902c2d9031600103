import fc from "fast-check";
import type { Kit } from "./operation.ts";

/** Nothing, little, a block, and more than one extent's worth. */
export const size = fc.constantFrom(3, 0, 1, 4096, 70_000);
export const offset = fc.constantFrom(0, 2, 4096, 100_001);
export const fill = fc.constantFrom("x", "y", "z");

/** An ordinary user must not shut himself out: he could not read the tree back. */
export function mode({ privileged }: Kit): fc.Arbitrary<number> {
  const modes = privileged
    ? [0o755, 0o644, 0o600, 0, 0o777, 0o4755, 0o2755, 0o6751, 0o1777, 0o2070]
    : [0o755, 0o700, 0o777, 0o750, 0o1777];
  return fc.constantFrom(...modes);
}

/** Mostly one, so that what was opened is used. */
export const slot = fc.constantFrom(0, 0, 0, 1);
