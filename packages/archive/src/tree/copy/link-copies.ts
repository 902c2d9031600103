import { cstringOfBytes, EMLINK, libc } from "@copyup/linux";
import { checked } from "../failure.ts";
import type { Lost } from "../lost.ts";
import type { ViewEntry } from "../view/index.ts";

/** Which inodes have been copied and have names still to come. Holds nothing of files with one name. */
export class LinkCopies {
  private readonly op: string;
  private readonly lost: Lost;
  private readonly root: number;
  private readonly first = new Map<string, { readonly path: string; left: number }>();

  /** `root` is the descriptor of the tree the copies are in. */
  constructor(op: string, lost: Lost, root: number) {
    this.op = op;
    this.lost = lost;
    this.root = root;
  }

  /** The entry's first name has been copied to `path`. */
  remember(entry: ViewEntry, path: string): void {
    this.first.set(keyOf(entry), { path, left: entry.stat.nlink - 1 });
  }

  /** True: the inode was copied before and has a name in `target` now. */
  link(entry: ViewEntry, target: number, path: string): boolean {
    const key = keyOf(entry);
    const copied = this.first.get(key);
    if (copied === undefined) return false;
    // Every component of that path is a directory we made or found to be one: no symlink is followed.
    const result = libc.linkat(this.root, cstringOfBytes(copied.path), target, cstringOfBytes(entry.name), 0);
    if (result === -EMLINK) {
      // This filesystem allows fewer links than the source's: a second group begins.
      this.lost.record("link", path, `as one more hard link of ${copied.path}`, "linkat", EMLINK);
      this.first.delete(key);
      return false;
    }
    checked(result, "linkat", this.op, path);
    if (--copied.left === 0) this.first.delete(key);
    return true;
  }
}

function keyOf(entry: ViewEntry): string {
  return `${entry.part}:${entry.stat.key}`;
}
