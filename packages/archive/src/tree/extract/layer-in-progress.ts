import type { Dialect } from "@copyup/core";
import { AT_REMOVEDIR, check, EEXIST, EISDIR, ENOTEMPTY, libc } from "@copyup/linux";
import type { Xattr } from "../../codec/entry.ts";
import type { ViewParts } from "../contract.ts";
import { Lost } from "../lost.ts";
import { AttributeWriter } from "./attributes.ts";
import { Below } from "./below.ts";
import { COPIED, DirectoryTable, OPAQUE, WHITEOUT } from "./directory-table.ts";
import { notRepresentable } from "./failures.ts";
import type { LayerManifest } from "./layer-manifest.ts";
import type { ExtractLimits } from "./limits.ts";
import { OpenDirectories } from "./open-directories.ts";
import { ParentDirectories } from "./parent-directories.ts";
import { pinName } from "./pinned-names.ts";
import { Trash } from "./trash.ts";

/** aufs keeps `.wh.NAME` beside NAME, and refuses longer ones itself (statfs says 242). */
const AUFS_NAME_MAX = 242;

/** A layer's directory while an archive is written into it: what is known of it, and what all kinds of entries need. */
export class LayerInProgress {
  readonly rootFd: number;
  readonly dialect: Dialect;
  readonly table: DirectoryTable;
  readonly open: OpenDirectories;
  readonly below: Below;
  readonly parents: ParentDirectories;
  readonly attributes: AttributeWriter;
  readonly lost: Lost;
  readonly trash: Trash;
  /** Null where none is wanted, or it was given up. */
  manifest: LayerManifest | null = null;
  /** Of directories: set when all children are there, else they would inherit. */
  readonly acls = new Map<number, Xattr[]>();
  aclBytes = 0;
  /** Of the root, whose directory may have others until the end; null until the archive has an entry for it. */
  rootXattrs: readonly Xattr[] | null = null;

  constructor(rootFd: number, dialect: Dialect, below: ViewParts | null, lossy: boolean, limits: ExtractLimits) {
    this.rootFd = rootFd;
    this.dialect = dialect;
    this.lost = new Lost("apply", lossy);
    this.table = new DirectoryTable(limits.maxEntries, limits.maxPathBytes);
    this.open = new OpenDirectories(this.table, rootFd);
    this.attributes = new AttributeWriter(this.lost, rootFd);
    this.trash = new Trash(rootFd);
    this.below = new Below(below, this.table);
    this.parents = new ParentDirectories(this.table, this.open, this.below, this.checkName);
  }

  /** Throws NOT_REPRESENTABLE for a name this dialect cannot hold. */
  readonly checkName = (bytes: Buffer, start: number, end: number): void => {
    if (end - start <= AUFS_NAME_MAX || this.dialect !== "aufs") return;
    const what = `a name of ${end - start} bytes; aufs takes ${AUFS_NAME_MAX}`;
    throw notRepresentable(bytes.subarray(0, end), what);
  };

  /**
   * Makes `bytes[start..end]` in a directory; if this archive made something of that name before, that goes (the last entry
   * wins). `make` answers like a system call.
   */
  place(
    directory: number,
    bytes: Buffer,
    start: number,
    end: number,
    syscall: string,
    make: (dirFd: number, name: number) => number,
  ): number {
    this.checkName(bytes, start, end);
    let result = make(this.open.fd(directory), pinName(bytes, start, end));
    if (result === -EEXIST) {
      this.removeName(directory, bytes, start, end);
      result = make(this.open.fd(directory), pinName(bytes, start, end));
    }
    return check(result, syscall);
  }

  /** Of what this archive made. */
  removeName(directory: number, bytes: Buffer, start: number, end: number): void {
    this.giveUpManifest();
    const fd = this.open.fd(directory);
    const name = pinName(bytes, start, end);
    const known = this.table.find(directory, bytes, start, end);
    const result = libc.unlinkat(fd, name, 0);
    // Paths through it, if it was a symlink or a directory, lead elsewhere now.
    this.parents.forget();
    if (result !== -EISDIR) {
      check(result, "unlinkat");
      if (known >= 0) this.table.unmark(known, COPIED);
      return;
    }
    const removed = libc.unlinkat(fd, name, AT_REMOVEDIR);
    if (removed === -ENOTEMPTY) this.trash.take(fd, name);
    else check(removed, "rmdir");
    this.open.close();
    this.acls.delete(known);
    this.table.detach(known);
    // What the archive deletes by this name it deletes wherever its mark stood.
    const marks = this.table.flags[known]! & (WHITEOUT | OPAQUE);
    if (marks !== 0) this.table.add(directory, bytes, start, end, marks);
  }

  /** What it says already is no longer so, or it would take reading the layer to say the rest. */
  giveUpManifest(): void {
    this.manifest?.close();
    this.manifest = null;
  }

  /** Closes every descriptor but the root's. */
  close(): void {
    this.open.close();
    this.trash.close();
    this.below.close();
    this.manifest?.close();
  }
}
