import type { ViewDirectory } from "../view/index.ts";
import type { Below } from "./below.ts";

export interface DirectoryNames {
  /** In the layer's view, those to look at; in byte order. */
  readonly names: readonly string[];
  /** May be deleted: the parent's view decides. In byte order, none of them in `names`. */
  readonly gone: readonly string[];
}

/** How much of a directory must be looked at to find what differs in it. */
export type Reading =
  /** The layer's own part lists all that differs: it has changes and whiteouts. */
  | "changes"
  /** The layer's view shows all there is: whatever else the parent has is deleted. */
  | "whole"
  /** No name was added or removed since the copy was made: the names are the parent's. */
  | "same-names";

export function directoryNames(above: ViewDirectory, below: Below, reading: Reading): DirectoryNames {
  if (reading === "changes") {
    const { names, hidden } = above.levels[0]!.list();
    return { names, gone: hidden };
  }
  const names = above.names();
  if (reading === "same-names") return { names, gone: [] };
  return { names, gone: missingFrom(names, below.view?.names() ?? []) };
}

/** Both sorted. */
function missingFrom(names: readonly string[], others: readonly string[]): string[] {
  const missing: string[] = [];
  let i = 0;
  for (const other of others) {
    while (i < names.length && names[i]! < other) i++;
    if (names[i] !== other) missing.push(other);
  }
  return missing;
}
