import { readFileSync } from "node:fs";
import { snapshotTree, type TreeEntry } from "../../tree/snapshot.ts";

/** A name of a tree as checks ask for it. */
export interface NamedEntry extends TreeEntry {
  readonly owner: string;
  /** Of a file of at most 256 bytes (latin1); of a symlink its target; else empty. */
  readonly text: string;
  /** The first name, in byte order, of the inode. */
  readonly firstName: string;
}

/** By latin1 path; the root is "". */
export type NamedTree = ReadonlyMap<string, NamedEntry>;

const TEXT_MAX_BYTES = 256;

export function readTree(root: string): NamedTree {
  const firstNames = new Map<string, string>();
  const tree = new Map<string, NamedEntry>();
  for (const [path, entry] of [...snapshotTree(root)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const firstName = firstNames.get(entry.inode) ?? path;
    firstNames.set(entry.inode, firstName);
    tree.set(path, { ...entry, owner: `${entry.uid}:${entry.gid}`, text: textOf(root, path, entry), firstName });
  }
  return tree;
}

/** One line a name, without inode numbers and ctimes: equal for equal trees. */
export function treeLines(root: string): string[] {
  return [...readTree(root)].map(([path, { inode: _, ctimeNs: __, ...told }]) =>
    JSON.stringify({ path, ...told, nlink: told.type === "directory" ? 0 : told.nlink, mtimeNs: String(told.mtimeNs) }),
  );
}

/** Absolute path of a latin1 name below a directory. */
export function pathIn(root: string, path: string): Buffer {
  return path === "" ? Buffer.from(root) : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
}

function textOf(root: string, path: string, entry: TreeEntry): string {
  if (entry.type === "symlink") return entry.content;
  const short = entry.type === "file" && entry.size <= TEXT_MAX_BYTES && !entry.content.startsWith("unreadable");
  return short ? readFileSync(pathIn(root, path)).toString("latin1") : "";
}
