import { compareTrees, type Tree, type TreeEntry } from "@copyup/conformance";
import { otherResult } from "./other-result.ts";

/** What a program is known to leave out; said in the workload's `fairness`. */
export type Loss = "user xattrs" | "parts of a second" | "times of directories";

const SHOWN = 5;

/**
 * Throws IO with the first differences unless the tree is the one that everybody must reach. The root itself is left out: it is
 * the extracting program's directory, not the archive's.
 */
export function requireSameTree(who: string, expected: Tree, found: Tree, losses: readonly Loss[] = []): void {
  const differences = compareTrees(comparable(expected, losses), comparable(found, losses));
  if (differences.length === 0) return;
  throw otherResult(who, `${differences.length} differences, ${differences.slice(0, SHOWN).join("; ")}`);
}

function comparable(tree: Tree, losses: readonly Loss[]): Tree {
  const entries = [...tree].filter(([path]) => path !== "");
  return losses.length === 0
    ? new Map(entries)
    : new Map(entries.map(([path, entry]) => [path, without(losses, entry)]));
}

function without(losses: readonly Loss[], entry: TreeEntry): TreeEntry {
  const { type, mtimeNs, xattrs } = entry;
  const kept = losses.includes("parts of a second") ? mtimeNs - (mtimeNs % 1_000_000_000n) : mtimeNs;
  return {
    ...entry,
    mtimeNs: losses.includes("times of directories") && type === "directory" ? 0n : kept,
    xattrs: losses.includes("user xattrs") ? xattrs.filter((xattr) => !xattr.startsWith("user.")) : xattrs,
  };
}
