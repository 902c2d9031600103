import type { Tree, TreeEntry } from "@copyup/conformance";
import type { Change } from "@copyup/core";
import { otherResult } from "./other-result.ts";

/** By path relative to the root. */
export type ChangeList = ReadonlyMap<string, Change["kind"]>;

const SHOWN = 5;

/** What really changed between two trees. Directories that only hold changes are told by some and not by others: left out. */
export function changesBetween(before: Tree, after: Tree): ChangeList {
  const changes = new Map<string, Change["kind"]>();
  for (const [path, entry] of after) {
    const was = before.get(path);
    if (!was) changes.set(path, "add");
    else if (entry.type !== "directory" && !sameEntry(was, entry)) changes.set(path, "modify");
  }
  for (const path of before.keys()) if (!after.has(path)) changes.set(path, "delete");
  return changes;
}

function sameEntry(a: TreeEntry, b: TreeEntry): boolean {
  return (
    a.type === b.type &&
    a.permissions === b.permissions &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.content === b.content &&
    a.xattrs.join() === b.xattrs.join()
  );
}

/** Throws IO unless the list tells all that changed and nothing else; Directories that are told as modified are passed over. */
export function requireSameChanges(who: string, expected: ChangeList, found: ChangeList, after: Tree): void {
  const told = [...found].filter(
    ([path, kind]) => !(kind === "modify" && (after.get(path)?.type ?? "directory") === "directory"),
  );
  const missing = [...expected].filter(([path, kind]) => found.get(path) !== kind);
  const wrong = told.filter(([path, kind]) => expected.get(path) !== kind);
  if (missing.length === 0 && wrong.length === 0) return;
  const shown = [
    ...missing.slice(0, SHOWN).map(([path, kind]) => `${kind} ${path} is missing`),
    ...wrong.slice(0, SHOWN).map(([path, kind]) => `${kind} ${path} is told`),
  ];
  throw otherResult(who, `${missing.length + wrong.length} differences, ${shown.join("; ")}`);
}
