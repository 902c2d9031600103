import { DT_DIR, DT_UNKNOWN, forEachName } from "@copyup/linux";
import { InodeMap, NO_INODE } from "../links/index.ts";
import type { Pace, Paced } from "../pace.ts";
import type { CopiedTree } from "../stamp/copied-tree.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { Below } from "./below.ts";
import { type LinkWalk, type Look, walkLinks } from "./walk-links.ts";

/**
 * The names with hard links in those directories of a copied tree that lie elsewhere than the copy put them. By inode: the
 * inode that all its names found there have in the parent's view, or NO_INODE. In all other directories it only looks for
 * directories, by readdir's types.
 */
export function* scanMoved(above: ViewDirectory, below: Below, copied: CopiedTree, pace: Pace): Paced<InodeMap> {
  const moved = new InodeMap();
  const { stat } = new ViewEntry();
  const look = (at: ViewDirectory): Look => {
    const inPlace = copied.inPlace(at.stat(stat), at.path);
    const names: string[] = [];
    forEachName(at.levels[0]!.fd, (name, type) => {
      if (!inPlace || type === DT_DIR || type === DT_UNKNOWN) names.push(name);
    });
    return { names, directoriesOnly: inPlace };
  };
  const meet: LinkWalk["meet"] = (met, parents) => {
    const was = moved.number(parents);
    const before = moved.get(met);
    moved.set(met, before !== undefined && before !== was ? NO_INODE : was);
  };
  yield* walkLinks(above, below, pace, { look, meet });
  return moved;
}
