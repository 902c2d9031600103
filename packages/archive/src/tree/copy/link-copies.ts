import { cstringOfBytes, EMLINK, libc } from "@copyup/linux";
import { checked } from "../failure.ts";
import { OpenGroups } from "../links/index.ts";
import type { Lost } from "../lost.ts";
import type { ViewEntry } from "../view/index.ts";

/** Which inodes have been copied and have names still to come. Holds nothing of files with one name. */
export class LinkCopies {
  private readonly op: string;
  private readonly lost: Lost;
  private readonly root: number;
  private readonly open = new OpenGroups();

  /** `root` is the descriptor of the tree the copies are in. */
  constructor(op: string, lost: Lost, root: number) {
    this.op = op;
    this.lost = lost;
    this.root = root;
  }

  /** The entry's first name has been copied to `path`. */
  remember(entry: ViewEntry, path: string): void {
    this.open.begin(entry, path);
  }

  /** True: the inode was copied before and has a name in `target` now. */
  link(entry: ViewEntry, target: number, path: string): boolean {
    const group = this.open.find(entry);
    if (group < 0) return false;
    const first = this.open.path(group);
    // Every component of that path is a directory we made or found to be one: no symlink is followed.
    const result = libc.linkat(this.root, cstringOfBytes(first), target, cstringOfBytes(entry.name), 0);
    if (result === -EMLINK) {
      // This filesystem allows fewer links than the source's: a second group begins.
      this.lost.record("link", path, `as one more hard link of ${first}`, "linkat", EMLINK);
      this.open.end(group);
      return false;
    }
    checked(result, "linkat", this.op, path);
    this.open.pass(group);
    return true;
  }
}
