import type { InodeMap, InodeTable } from "../links/index.ts";
import { NO_INODE, OpenGroups } from "../links/index.ts";
import type { Paced } from "../pace.ts";
import type { ViewEntry } from "../view/index.ts";

export interface LinkScans {
  /** The inodes that have a name which joined. */
  all(): Paced<InodeTable>;
  /** Of the names in directories that were moved: by inode, the one inode they are in the parent's view, or NO_INODE. */
  moved(): Paced<InodeMap>;
}

/**
 * Layers.md rule 4. A group of hard links is told whole if one of its names is new or has another inode in the parent's view
 * (it joined), or if the inode changed. The second shows at the first name; the first may show at the last one, so the tree
 * is scanned for it, once, when the first inode with several names turns out to be equal otherwise.
 */
export class LinkGroups {
  private readonly scans: LinkScans;
  private joinedInodes: InodeTable | null = null;
  private movedInodes: InodeMap | null = null;
  /** Groups being told. */
  private readonly open = new OpenGroups();

  constructor(scans: LinkScans) {
    this.scans = scans;
  }

  /** The path under which the group of this inode was begun. */
  firstName(entry: ViewEntry): string | null {
    const group = this.open.find(entry);
    if (group < 0) return null;
    const path = this.open.path(group);
    this.open.pass(group);
    return path;
  }

  begin(entry: ViewEntry, path: string): void {
    this.open.begin(entry, path);
  }

  /** The first name could not be told after all. */
  forget(entry: ViewEntry): void {
    const group = this.open.find(entry);
    if (group >= 0) this.open.end(group);
  }

  *joined(entry: ViewEntry): Paced<boolean> {
    this.joinedInodes ??= yield* this.scans.all();
    return this.joinedInodes.has(entry);
  }

  /**
   * The same of an inode that a copy stamp says is untouched: neither link(2) nor rename(2) gave it a name, so that only a
   * directory that was moved with it inside can have. `was`: what it is in the parent's view. Costs no look at other files.
   */
  *joinedByMoving(entry: ViewEntry, was: ViewEntry): Paced<boolean> {
    this.movedInodes ??= yield* this.scans.moved();
    const moved = this.movedInodes.get(entry);
    return moved !== undefined && (moved === NO_INODE || moved !== this.movedInodes.number(was));
  }
}
