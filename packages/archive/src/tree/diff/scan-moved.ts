import { DT_DIR, DT_UNKNOWN, forEachName } from "@copyup/linux";
import type { Pace, Paced } from "../pace.ts";
import type { CopiedTree } from "../stamp/copied-tree.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import type { Below } from "./below.ts";
import { NO_INODE } from "./link-groups.ts";
import { type Look, walkLinks } from "./walk-links.ts";

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
  const { stat } = new ViewEntry();
  const look = (at: ViewDirectory): Look => {
    const inPlace = copied.inPlace(at.stat(stat), at.path);
    const names: string[] = [];
    forEachName(at.levels[0]!.fd, (name, type) => {
      if (!inPlace || type === DT_DIR || type === DT_UNKNOWN) names.push(name);
    });
    return { names, directoriesOnly: inPlace };
  };
  const meet = (key: string, was: string) => {
    moved.set(key, moved.has(key) && moved.get(key) !== was ? NO_INODE : was);
  };
  yield* walkLinks(above, below, pace, { look, meet });
  return moved;
}
