import type { Paced } from "../pace.ts";
import type { ViewEntry } from "../view/index.ts";

/** Names one inode by the part it is in and its number. */
export function inodeKey(entry: ViewEntry): string {
  return `${entry.part}:${entry.stat.key}`;
}

/** What a name has in the parent's view that is new, or what names have that differ in it. */
export const NO_INODE = "none";

export interface LinkScans {
  /** Keys of the inodes that have a name which joined. */
  all(): Paced<Set<string>>;
  /** Of the names in directories that were moved: by inode, the one inode they are in the parent's view, or NO_INODE. */
  moved(): Paced<Map<string, string>>;
}

/**
 * Layers.md rule 4. A group of hard links is told whole if one of its names is new or has another inode in the parent's view
 * (it joined), or if the inode changed. The second shows at the first name; the first may show at the last one, so the tree
 * is scanned for it, once, when the first inode with several names turns out to be equal otherwise.
 */
export class LinkGroups {
  private readonly scans: LinkScans;
  private joinedKeys: Set<string> | null = null;
  private movedKeys: Map<string, string> | null = null;
  /** Groups being told: their first name, and how many names may follow. */
  private readonly open = new Map<string, { readonly path: string; left: number }>();

  constructor(scans: LinkScans) {
    this.scans = scans;
  }

  /** The path under which the group of this inode was begun. */
  firstName(key: string): string | null {
    const group = this.open.get(key);
    if (group === undefined) return null;
    if (--group.left === 0) this.open.delete(key);
    return group.path;
  }

  begin(key: string, path: string, nlink: number): void {
    this.open.set(key, { path, left: nlink - 1 });
  }

  /** The first name could not be told after all. */
  forget(key: string): void {
    this.open.delete(key);
  }

  *joined(key: string): Paced<boolean> {
    this.joinedKeys ??= yield* this.scans.all();
    return this.joinedKeys.has(key);
  }

  /**
   * The same of an inode that a copy stamp says is untouched: neither link(2) nor rename(2) gave it a name, so that only a
   * directory that was moved with it inside can have. `was`: its key in the parent's view. Costs no look at other files.
   */
  *joinedByMoving(key: string, was: string): Paced<boolean> {
    this.movedKeys ??= yield* this.scans.moved();
    const moved = this.movedKeys.get(key);
    return moved !== undefined && moved !== was;
  }
}
