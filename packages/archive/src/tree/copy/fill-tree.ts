import {
  AT_FDCWD,
  closeFd,
  cstring,
  cstringOfBytes,
  ELOOP,
  ENOTDIR,
  fstat,
  getXattr,
  libc,
  namesOf,
  type Stat,
  timespecs,
} from "@copyup/linux";
import type { ViewParts } from "../contract.ts";
import { callFailed, checked, joinPath } from "../failure.ts";
import { Lost } from "../lost.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { openView, type ViewDirectory } from "../view/index.ts";
import { DIRECTORY_FLAGS } from "../view/level.ts";
import { Copier } from "./copier.ts";
import type { Copied, CopyOptions } from "./copy-tree.ts";

const S_ISGID = 0o2000;
const USER_WX = 0o300;

/** What an archive took away from the view below. Paths are latin1, relative, without a slash at the end. */
export interface Hidden {
  /** It holds a whiteout for this path. */
  hides(path: string): boolean;
  /** Nothing of this directory's content below shows: an opaque marker, or the directory replaces a deleted one. */
  opaque(path: string): boolean;
}

/**
 * Completes a tree that an archive was extracted into: copies from the view `below` what is neither in `target` nor hidden.
 * Where both have a directory their contents are merged, the target's attributes and times staying as they are; any other
 * name in the target stands for itself. Hard links within what is copied are kept. Call it before or after the target's
 * directories got their times, it leaves them. Rejects as `copyTree` does.
 */
export async function fillTree(below: ViewParts, target: string, hidden: Hidden, o: CopyOptions = {}): Promise<Copied> {
  const op = o.op ?? "apply";
  const pace = new Pace("copy", o);
  const lost = new Lost(op, o.lossy ?? false);
  const view = openView(below, op);
  try {
    const root = libc.openat(AT_FDCWD, cstring(target), DIRECTORY_FLAGS, 0);
    if (root < 0) throw callFailed(root, "openat", op, Buffer.from(target).toString("latin1"));
    try {
      const filler = new Filler(op, hidden, new Copier({ op, pace, lost, root, mountId: null }));
      await runPaced(filler.merge(view, root), pace);
    } finally {
      closeFd(root);
    }
  } finally {
    view.close();
  }
  return { entries: pace.entries, bytes: pace.bytes, losses: lost.losses };
}

class Filler {
  private readonly op: string;
  private readonly hidden: Hidden;
  private readonly copier: Copier;

  constructor(op: string, hidden: Hidden, copier: Copier) {
    this.op = op;
    this.hidden = hidden;
    this.copier = copier;
  }

  *merge(source: ViewDirectory, target: number): Paced<void> {
    const { path } = source;
    if (this.hidden.opaque(path)) return;
    const before = fstat(target);
    const present = new Set(namesOf(target));
    const absent = (name: string) => !present.has(name) && !this.hidden.hides(joinPath(path, name));
    const narrow = (before.mode & USER_WX) !== USER_WX && process.geteuid?.() !== 0;
    if (narrow) checked(libc.fchmod(target, before.permissions | USER_WX), "fchmod", this.op, path);
    try {
      const added = yield* this.copier.contents(source, { fd: target, inherits: inherits(target, before) }, absent);
      for (const name of present) yield* this.mergeChild(source, name, target);
      if (added > 0) {
        const { atimeSec, atimeNsec, mtimeSec, mtimeNsec } = before;
        checked(libc.futimens(target, timespecs(atimeSec, atimeNsec, mtimeSec, mtimeNsec)), "futimens", this.op, path);
      }
    } finally {
      if (narrow) libc.fchmod(target, before.permissions);
    }
  }

  private *mergeChild(source: ViewDirectory, name: string, target: number): Paced<void> {
    const fd = libc.openat(target, cstringOfBytes(name), DIRECTORY_FLAGS, 0);
    if (fd === -ENOTDIR || fd === -ELOOP) return;
    checked(fd, "openat", this.op, joinPath(source.path, name));
    try {
      const child = source.child(name);
      if (child === null) return;
      try {
        yield* this.merge(child, fd);
      } finally {
        child.close();
      }
    } finally {
      closeFd(fd);
    }
  }
}

/** Do new files get an ACL or a group from this directory? */
function inherits(fd: number, stat: Stat): boolean {
  return (stat.mode & S_ISGID) !== 0 || getXattr(fd, "system.posix_acl_default") !== null;
}
