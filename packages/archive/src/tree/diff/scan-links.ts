import type { Pace, Paced } from "../pace.ts";
import type { ViewDirectory } from "../view/index.ts";
import type { Below } from "./below.ts";
import { NO_INODE } from "./link-groups.ts";
import { directoryNames } from "./names.ts";
import { walkLinks } from "./walk-links.ts";

/**
 * The inodes of the layer's view with several names of which one joined: it is new, or not all of them are one inode in the
 * parent's view too. Keeps a few bytes for each inode with several names.
 */
export function* scanLinks(above: ViewDirectory, below: Below, changesOnly: boolean, pace: Pace): Paced<Set<string>> {
  const before = new Map<string, string>();
  const joined = new Set<string>();
  const reading = changesOnly ? "changes" : "same-names";
  yield* walkLinks(above, below, pace, {
    look: (at, belowAt) => ({ names: directoryNames(at, belowAt, reading).names, directoriesOnly: false }),
    meet(key, was) {
      const first = before.get(key);
      if (first === undefined) before.set(key, was);
      if (was === NO_INODE || (first !== undefined && first !== was)) joined.add(key);
    },
  });
  return joined;
}
