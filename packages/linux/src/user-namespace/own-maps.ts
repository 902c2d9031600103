import { readFileSync } from "node:fs";
import { type IdMaps, type IdRange, parseIdMap } from "./id-maps.ts";

/** The maps of the user namespace this process is in; null in the initial one, and on a kernel that has none. */
export function ownIdMaps(userNamespace: boolean): IdMaps | null {
  if (!userNamespace) return null;
  const read = (file: string) => parseIdMap(readFileSync(`/proc/self/${file}`, "utf8"));
  return { uids: read("uid_map"), gids: read("gid_map") };
}

/** Are all ids from 0 to `last` mapped? By ranges that follow each other, as every tool writes them. */
export function coversIdsUpTo(last: number, map: readonly IdRange[]): boolean {
  let next = 0;
  for (const { inside, count } of [...map].sort((a, b) => a.inside - b.inside))
    if (inside <= next) next = inside + count;
  return next > last;
}

const EVERY_ID: readonly IdRange[] = [{ inside: 0, outside: 0, count: 2 ** 32 - 1 }];

/**
 * Does whoever has the maps `here` see the ids that were stored under the maps `there` as the same? So where each of theirs
 * is mapped to the same one outside; more may be mapped. Null is the initial namespace.
 */
export function seesSameIds(here: IdMaps | null, there: IdMaps | null): boolean {
  return (
    covers(here?.uids ?? EVERY_ID, there?.uids ?? EVERY_ID) && covers(here?.gids ?? EVERY_ID, there?.gids ?? EVERY_ID)
  );
}

/** The ranges of a map need not be cut alike, but every one of ours is contiguous: so a range lies in one of the other's. */
function covers(here: readonly IdRange[], there: readonly IdRange[]): boolean {
  return there.every((range) =>
    here.some(
      ({ inside, outside, count }) =>
        range.inside >= inside &&
        range.inside + range.count <= inside + count &&
        range.outside - range.inside === outside - inside,
    ),
  );
}
