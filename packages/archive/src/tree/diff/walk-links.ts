import { S_IFDIR, S_IFMT } from "@copyup/linux";
import type { Pace, Paced } from "../pace.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { Below } from "./below.ts";
import { inodeKey, NO_INODE } from "./link-groups.ts";

/** What to look at in one directory. */
export interface Look {
  readonly names: readonly string[];
  /** Of the names only the directories matter: nothing else is looked up. */
  readonly directoriesOnly: boolean;
}

export interface LinkWalk {
  look(at: ViewDirectory, below: Below): Look;
  /** A name with hard links: its inode, and the inode that the name has in the parent's view (NO_INODE where it is new). */
  meet(key: string, was: string): void;
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
      else if (entry.stat.nlink > 1) {
        const key = inodeKey(entry);
        const parents = belowAt.view?.lookup(name, other) ?? null;
        meet(key, parents === null ? NO_INODE : inodeKey(parents));
      }
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
