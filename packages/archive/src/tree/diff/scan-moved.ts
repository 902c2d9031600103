import { DT_DIR, DT_UNKNOWN, forEachName, S_IFDIR, S_IFMT } from "@copyup/linux";
import type { Pace, Paced } from "../pace.ts";
import type { CopiedTree } from "../stamp/copied-tree.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { Below } from "./below.ts";
import { inodeKey, NO_INODE } from "./link-groups.ts";

/**
 * The names with hard links in those directories of a copied tree that lie elsewhere than the copy put them. By inode: the
 * inode that all its names found there have in the parent's view, or NO_INODE. In all other directories it only looks for
 * directories, by readdir's types.
 */
export function* scanMoved(
  above: ViewDirectory,
  below: Below,
  copied: CopiedTree,
  pace: Pace,
): Paced<Map<string, string>> {
  const moved = new Map<string, string>();
  const entry = new ViewEntry();
  const other = new ViewEntry();

  function* directory(at: ViewDirectory, belowAt: Below): Paced<void> {
    const inPlace = copied.inPlace(at.stat(entry.stat), at.path);
    const names: string[] = [];
    forEachName(at.levels[0]!.fd, (name, type) => {
      if (!inPlace || type === DT_DIR || type === DT_UNKNOWN) names.push(name);
    });
    for (const name of names) {
      if (pace.due) yield;
      if (inPlace) yield* child(at, belowAt, name);
      else if (at.lookup(name, entry) === null) continue;
      else if ((entry.stat.mode & S_IFMT) === S_IFDIR) yield* child(at, belowAt, name);
      else if (entry.stat.nlink > 1) meet(belowAt.view?.lookup(name, other) ?? null);
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

  function meet(parents: ViewEntry | null): void {
    const key = inodeKey(entry);
    const was = parents === null ? NO_INODE : inodeKey(parents);
    moved.set(key, moved.has(key) && moved.get(key) !== was ? NO_INODE : was);
  }

  yield* directory(above, below);
  return moved;
}
