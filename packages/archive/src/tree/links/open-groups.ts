import { type Inode, InodeTable } from "./inode-table.ts";
import { TextHeap } from "./text-heap.ts";

/**
 * The groups of hard links of which one name was met and others may follow: by inode, the path of that name. Under 200
 * bytes each with a path of 40 (a test holds it); nothing of files with one name.
 */
export class OpenGroups {
  readonly #inodes = new InodeTable();
  readonly #left: number[] = [];
  readonly #at: number[] = [];
  readonly #paths = new TextHeap();

  /** `path` is latin1. */
  begin(inode: Inode, path: string): void {
    const id = this.#inodes.add(inode);
    this.#left[id] = inode.stat.nlink - 1;
    this.#at[id] = this.#paths.put(path);
  }

  /** -1 if none of its names was met, or all of them. */
  find(inode: Inode): number {
    return this.#inodes.find(inode);
  }

  /** Of a group that `find` gave: its first name. */
  path(group: number): string {
    return this.#paths.get(this.#at[group]!);
  }

  /** One more name of it was met. */
  pass(group: number): void {
    if (--this.#left[group]! === 0) this.end(group);
  }

  /** No other name of it is a link to the first one. */
  end(group: number): void {
    this.#paths.free(this.#at[group]!);
    this.#inodes.remove(group);
  }
}
