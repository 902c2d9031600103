import { AT_FDCWD, renameAt } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import { type Claim, claimName } from "./claim.ts";

export interface Grave {
  readonly dir: string;
  /** The moment the layer is gone: one rename. The caller holds the store's lock. */
  take(directory: string): void;
  readonly claim: Claim;
}

/** A claimed name in trash/, where a directory can be moved and then removed at leisure. */
export function openGrave(context: StoreContext): Grave {
  const claim = claimName(context.layout.trash);
  return { dir: claim.dir, claim, take: (directory) => renameAt(AT_FDCWD, directory, AT_FDCWD, claim.dir) };
}
