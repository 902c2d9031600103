import { type Inode, InodeTable } from "./inode-table.ts";

/** Instead of an inode of the parent's view: it has none. */
export const NO_INODE = -1;

/** Inodes of one view, and for each an inode of its parent's view, or NO_INODE. */
export class InodeMap {
  readonly #from = new InodeTable();
  readonly #to = new InodeTable();
  readonly #toOf: number[] = [];

  /** A number for what `set` takes and `get` gives. The same inode has always the same. */
  number(of: Inode | null): number {
    return of === null ? NO_INODE : this.#to.add(of);
  }

  /** Undefined if nothing was set. */
  get(inode: Inode): number | undefined {
    const id = this.#from.find(inode);
    return id < 0 ? undefined : this.#toOf[id];
  }

  set(inode: Inode, to: number): void {
    this.#toOf[this.#from.add(inode)] = to;
  }
}
