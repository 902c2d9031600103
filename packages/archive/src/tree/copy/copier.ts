import {
  closeFd,
  cstringOfBytes,
  ENOENT,
  libc,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_WRONLY,
  S_IFDIR,
  S_IFMT,
  S_IFREG,
  type Stat,
  SystemError,
} from "@copyup/linux";
import { callFailed, checked, joinPath } from "../failure.ts";
import type { Lost } from "../lost.ts";
import { openFile } from "../open-file.ts";
import type { Pace, Paced } from "../pace.ts";
import { pathWithinLimits } from "../path-limit.ts";
import { type ViewDirectory, ViewEntry } from "../view/index.ts";
import { DIRECTORY_FLAGS } from "../view/level.ts";
import { Attributes, dropInheritedAcls, UNKNOWN } from "./attributes.ts";
import { ContentCopier } from "./content.ts";
import { LinkCopies } from "./link-copies.ts";
import { NewFiles } from "./new-file.ts";
import { makeSpecial } from "./special.ts";
import type { TargetDirectory } from "./target-directory.ts";

const CREATE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

export interface CopierContext {
  readonly op: string;
  readonly pace: Pace;
  readonly lost: Lost;
  /** Descriptor of the root of the tree the copies are in. */
  readonly root: number;
  /** What lies on other mounts is left out, an empty directory standing for it; null: no matter. */
  readonly mountId: number | null;
}

/** Copies entries of a view into directories of one tree. One for each copying: it remembers the hard links. */
export class Copier {
  private readonly context: CopierContext;
  private readonly attributes: Attributes;
  private readonly content: ContentCopier;
  private readonly links: LinkCopies;
  private readonly newFiles = new NewFiles();
  private readonly entry = new ViewEntry();

  constructor(context: CopierContext) {
    this.context = context;
    this.attributes = new Attributes(context.op, context.lost);
    this.content = new ContentCopier(context.pace);
    this.links = new LinkCopies(context.op, context.lost, context.root);
  }

  /** What is in `source`, into `target`; of it what `wanted` says. The number of names copied. */
  *contents(source: ViewDirectory, target: TargetDirectory, wanted?: (name: string) => boolean): Paced<number> {
    const { pace } = this.context;
    let copied = 0;
    for (const name of source.names()) {
      if (wanted !== undefined && !wanted(name)) continue;
      const entry = source.lookup(name, this.entry);
      // Null: gone since it was listed, by somebody at work in the source. That is how it looks now.
      if (entry === null || !(yield* this.one(source, entry, target))) continue;
      copied++;
      pace.entries++;
      if (pace.due) yield;
    }
    return copied;
  }

  /** Attributes of a directory that is filled; adding to it moved its times. */
  finishDirectory(source: ViewDirectory, stat: Stat, target: number): void {
    this.attributes.setOpen(target, stat, source.levels[0]!.fd, source.dialect, source.path, UNKNOWN);
  }

  /** False where there is nothing to copy after all. */
  private *one(source: ViewDirectory, entry: ViewEntry, target: TargetDirectory): Paced<boolean> {
    const { op, lost, mountId } = this.context;
    const path = joinPath(source.path, entry.name);
    pathWithinLimits(path, op);
    const type = entry.stat.mode & S_IFMT;
    const mounted = mountId !== null && entry.stat.mountId !== mountId;
    if (type === S_IFDIR) return yield* this.directory(source, entry.name, target, mounted);
    if (mounted) return false;
    if (entry.stat.nlink > 1 && this.links.link(entry, target.fd, path)) return true;
    const made =
      type === S_IFREG
        ? yield* this.file(entry, target, path)
        : makeSpecial({ entry, target, path, op, lost, attributes: this.attributes });
    if (made && entry.stat.nlink > 1) this.links.remember(entry, path);
    return made;
  }

  private *directory(source: ViewDirectory, name: string, target: TargetDirectory, empty: boolean): Paced<boolean> {
    const { op } = this.context;
    const child = source.child(name);
    if (child === null) return false;
    let fd = -1;
    try {
      const stat = child.stat();
      checked(libc.mkdirat(target.fd, cstringOfBytes(name), 0o700), "mkdirat", op, child.path);
      fd = checked(libc.openat(target.fd, cstringOfBytes(name), DIRECTORY_FLAGS, 0), "openat", op, child.path);
      if (target.inherits) {
        dropInheritedAcls(fd);
        checked(libc.fchmod(fd, 0o700), "fchmod", op, child.path);
      }
      if (!empty) yield* this.contents(child, { fd, inherits: false });
      this.finishDirectory(child, stat, fd);
      return true;
    } finally {
      if (fd >= 0) closeFd(fd);
      child.close();
    }
  }

  private *file(entry: ViewEntry, target: TargetDirectory, path: string): Paced<boolean> {
    const { op } = this.context;
    const source = openFile(entry.dirfd, entry.name);
    if (source === -ENOENT) return false;
    checked(source, "openat", op, path);
    let copy = -1;
    try {
      const mode = target.inherits ? 0o600 : entry.stat.mode & 0o777;
      copy = checked(libc.openat(target.fd, cstringOfBytes(entry.name), CREATE, mode), "openat", op, path);
      if (target.inherits) dropInheritedAcls(copy);
      const fresh = target.inherits ? UNKNOWN : this.newFiles.fresh(copy, mode);
      yield* this.content.copy(source, copy, entry.stat);
      this.attributes.setOpen(copy, entry.stat, source, entry.dialect, path, fresh);
      return true;
    } catch (error) {
      throw error instanceof SystemError ? callFailed(-error.errno, error.syscall, op, path) : error;
    } finally {
      if (copy >= 0) closeFd(copy);
      closeFd(source);
    }
  }
}
