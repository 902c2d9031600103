import { S_IFDIR, S_IFMT } from "@copyup/linux";
import type { Pace, Paced } from "../pace.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { Below } from "./below.ts";
import { inodeKey, NO_INODE } from "./link-groups.ts";
import { directoryNames } from "./names.ts";

/**
 * The inodes of the layer's view with several names of which one joined: it is new, or not all of them are one inode in the
 * parent's view too. Keeps a few bytes for each inode with several names.
 */
export function* scanLinks(above: ViewDirectory, below: Below, changesOnly: boolean, pace: Pace): Paced<Set<string>> {
  const before = new Map<string, string>();
  const joined = new Set<string>();
  const entry = new ViewEntry();
  const other = new ViewEntry();

  function* directory(at: ViewDirectory, belowAt: Below): Paced<void> {
    const reading = changesOnly ? "changes" : "same-names";
    for (const name of directoryNames(at, belowAt, reading).names) {
      if (pace.due) yield;
      if (at.lookup(name, entry) === null) continue;
      if ((entry.stat.mode & S_IFMT) === S_IFDIR) yield* child(at, belowAt, name);
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
    const first = before.get(key);
    if (first === undefined) before.set(key, was);
    if (was === NO_INODE || (first !== undefined && first !== was)) joined.add(key);
  }

  yield* directory(above, below);
  return joined;
}
