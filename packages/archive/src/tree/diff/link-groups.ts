import type { Paced } from "../pace.ts";
import type { ViewEntry } from "../view/index.ts";

/** Names one inode by the part it is in and its number. */
export function inodeKey(entry: ViewEntry): string {
  return `${entry.part}:${entry.stat.key}`;
}

/**
 * Layers.md rule 4. A group of hard links is told whole if one of its names is new or has another inode in the parent's view
 * (it joined), or if the inode changed. The second shows at the first name; the first may show at the last one, so the
 * groups are scanned for it, once, when the first inode with several names turns out to be equal otherwise.
 */
export class LinkGroups {
  private readonly scan: () => Paced<Set<string>>;
  private joinedKeys: Set<string> | null = null;
  /** Groups being told: their first name, and how many names may follow. */
  private readonly open = new Map<string, { readonly path: string; left: number }>();

  constructor(scan: () => Paced<Set<string>>) {
    this.scan = scan;
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
    this.joinedKeys ??= yield* this.scan();
    return this.joinedKeys.has(key);
  }
}
