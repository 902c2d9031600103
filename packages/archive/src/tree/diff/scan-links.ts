import { InodeMap, InodeTable, NO_INODE } from "../links/index.ts";
import type { Pace, Paced } from "../pace.ts";
import type { ViewDirectory } from "../view/index.ts";
import type { Below } from "./below.ts";
import { directoryNames } from "./names.ts";
import { walkLinks } from "./walk-links.ts";

/**
 * The inodes of the layer's view with several names of which one joined: it is new, or not all of them are one inode in the
 * parent's view too. Keeps a few bytes for each inode with several names.
 */
export function* scanLinks(above: ViewDirectory, below: Below, changesOnly: boolean, pace: Pace): Paced<InodeTable> {
  const before = new InodeMap();
  const joined = new InodeTable();
  const reading = changesOnly ? "changes" : "same-names";
  yield* walkLinks(above, below, pace, {
    look: (at, belowAt) => ({ names: directoryNames(at, belowAt, reading).names, directoriesOnly: false }),
    meet(entry, parents) {
      const first = before.get(entry);
      const was = before.number(parents);
      if (first === undefined) before.set(entry, was);
      if (was === NO_INODE || (first !== undefined && first !== was)) joined.add(entry);
    },
  });
  return joined;
}
