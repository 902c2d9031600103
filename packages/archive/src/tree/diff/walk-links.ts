import { S_IFDIR, S_IFMT } from "@copyup/linux";
import type { Pace, Paced } from "../pace.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { Below } from "./below.ts";

/** What to look at in one directory. */
export interface Look {
  readonly names: readonly string[];
  /** Of the names only the directories matter: nothing else is looked up. */
  readonly directoriesOnly: boolean;
}

export interface LinkWalk {
  look(at: ViewDirectory, below: Below): Look;
  /** A name with hard links, and what the name is in the parent's view (null where it is new). Both are filled again later. */
  meet(entry: ViewEntry, was: ViewEntry | null): void;
}

/** Goes through a view and its parent's side by side and tells every name with hard links. Keeps nothing itself. */
export function* walkLinks(above: ViewDirectory, below: Below, pace: Pace, { look, meet }: LinkWalk): Paced<void> {
  const entry = new ViewEntry();
  const other = new ViewEntry();

  function* directory(at: ViewDirectory, belowAt: Below): Paced<void> {
    const { names, directoriesOnly } = look(at, belowAt);
    for (const name of names) {
      if (pace.due) yield;
      if (directoriesOnly) yield* child(at, belowAt, name);
      else if (at.lookup(name, entry) === null) continue;
      else if ((entry.stat.mode & S_IFMT) === S_IFDIR) yield* child(at, belowAt, name);
      else if (entry.stat.nlink > 1) meet(entry, belowAt.view?.lookup(name, other) ?? null);
    }
  }

  function* child(at: ViewDirectory, belowAt: Below, name: string): Paced<void> {
    const next = at.child(name);
    if (next === null) return;
    const belowNext = belowAt.child(name);
    try {
      yield* directory(next, belowNext);
    } finally {
      belowNext.close();
      next.close();
    }
  }

  yield* directory(above, below);
}
