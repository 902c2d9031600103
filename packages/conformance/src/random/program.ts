import fc from "fast-check";
import type { Edit } from "./edit.ts";
import { someNames } from "./names.ts";
import type { Kit } from "./operation.ts";
import { weighted } from "./operations/index.ts";
import type { Draft } from "./wish.ts";

/** `remount`: the caches go with the superblock. `view`: the parent, mounted read-only beside the layer. */
export type Step = Draft | { readonly do: "remount" } | { readonly do: "view" };

/** What is done in each layer of a chain; after each the layer is committed. */
export interface Program {
  readonly names: readonly Buffer[];
  readonly layers: readonly (readonly Step[])[];
}

export interface ProgramKind {
  readonly privileged: boolean;
  /** Names and devices that no layer archive can say. */
  readonly unsayable: boolean;
  /** Operations left out. */
  readonly without?: readonly Edit["do"][] | undefined;
}

/** About twenty steps in two to four layers, most of them in the layers above the base. */
export function programs(kind: ProgramKind): fc.Arbitrary<Program> {
  const base = fc.array(step(kind, "base"), { minLength: 0, maxLength: 12, size: "max" });
  const later = fc.array(step(kind, "later"), { minLength: 0, maxLength: 10, size: "max" });
  return fc
    .tuple(someNames(kind.unsayable), base, fc.array(later, { minLength: 1, maxLength: 3, size: "max" }))
    .map(([names, first, rest]) => ({ names, layers: [first, ...rest] }));
}

function step(kind: ProgramKind, phase: "base" | "later"): fc.Arbitrary<Step> {
  const kit: Kit = { privileged: kind.privileged, unsayable: kind.unsayable };
  const edits = weighted(phase)
    .filter(({ operation }) => !kind.without?.includes(operation.name))
    .map(({ operation, weight }) => ({ arbitrary: operation.generate(kit) as fc.Arbitrary<Step>, weight }));
  if (phase === "base") return fc.oneof(...edits);
  return fc.oneof(
    ...edits,
    { arbitrary: fc.constant<Step>({ do: "remount" }), weight: 2 },
    { arbitrary: fc.constant<Step>({ do: "view" }), weight: 1 },
  );
}

/** Of the whole chain. */
export function stepCount(program: Program): number {
  return program.layers.reduce((sum, layer) => sum + layer.length, 0);
}
