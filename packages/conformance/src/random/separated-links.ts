import { displayPath } from "@copyup/linux";
import { linkGroups } from "../tree/compare.ts";
import type { Tree } from "../tree/snapshot.ts";

/**
 * Names that share an inode in the layer, and not in what its archive was applied to; one line each. Not the other way round:
 * of two names that were one file and are two equal ones now, neither differs from the parent's view, so nothing is written
 * (layers.md rule 1) and they stay one file.
 */
export function separatedLinks(layer: Tree, applied: Tree): string[] {
  const there = linkGroups(applied);
  const first = new Map<string, string>();
  const lines: string[] = [];
  for (const [name, group] of linkGroups(layer)) {
    const head = first.get(group) ?? name;
    first.set(group, head);
    if (there.get(head) === there.get(name)) continue;
    const shown = (path: string) => displayPath(Buffer.from(path, "latin1"));
    lines.push(`${shown(name)} is no link to ${shown(head)} any more`);
  }
  return lines;
}
