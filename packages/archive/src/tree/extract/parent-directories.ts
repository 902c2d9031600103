import {
  AT_SYMLINK_NOFOLLOW,
  check,
  ENOENT,
  libc,
  rawStatx,
  readlinkAt,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  Stat,
} from "@copyup/linux";
import { Malformed } from "../../codec/malformed.ts";
import { type Below, linkText } from "./below.ts";
import { DIRECTORY, type DirectoryTable, ROOT } from "./directory-table.ts";
import { isWhiteoutName, layerNameOf } from "./layer-name.ts";
import type { OpenDirectories } from "./open-directories.ts";
import { pinName } from "./pinned-names.ts";

/** The parent is one of those aufs keeps for itself: the entry is none of the layer's. */
export const IGNORED = -1;
/** A whiteout's parent is nowhere: it deletes nothing. */
export const NOWHERE = -2;

const SLASH = 0x2f;
const STATX_TYPE = 1;
/** As the kernel's own limit for one path. */
const MAX_SYMLINKS = 40;
/** Of a directory no entry speaks of. */
export const IMPLIED_MODE = 0o755;
const stat = new Stat();

/**
 * How a directory that is missing in the layer is dealt with.
 * `entry`: parents an entry names; what is there below counts for nothing, not even a symlink (layers.md, usr-merge).
 * `text`: from a symlink of this archive, so a path of the view: symlinks below are followed, a missing directory is made.
 * `target`: of a hard link, the same, but what is not there is an error.
 */
type Missing = "entry" | "text" | "target";

/** Finds, and makes, the directories that entries lie in. */
export class ParentDirectories {
  readonly #table: DirectoryTable;
  readonly #open: OpenDirectories;
  readonly #below: Below;
  readonly #checkName: (bytes: Buffer, start: number, end: number) => void;
  /** The last parent as the archive spelt it. */
  #lastPath: Buffer = Buffer.alloc(0);
  #lastLength = 0;
  #lastId = ROOT;
  #symlinks = 0;

  constructor(
    table: DirectoryTable,
    open: OpenDirectories,
    below: Below,
    checkName: (bytes: Buffer, start: number, end: number) => void,
  ) {
    this.#table = table;
    this.#open = open;
    this.#below = below;
    this.#checkName = checkName;
  }

  /** The directory `path[0..end]`, made with its parents if it is missing; or IGNORED. */
  ofEntry(path: Buffer, end: number): number {
    if (end <= 0) return ROOT;
    if (end === this.#lastLength && path.compare(this.#lastPath, 0, end, 0, end) === 0) return this.#lastId;
    this.#symlinks = 0;
    let id = ROOT;
    for (let at = 0; at < end; ) {
      const next = componentEnd(path, at, end);
      const kind = layerNameOf(path, at, next);
      if (kind === "ignored") return IGNORED;
      if (kind !== "plain") throw new Malformed("path below a whiteout");
      id = this.#enter(id, path, at, next, "entry");
      at = next + 1;
    }
    // A path is kept as long as the next entries lie in it: too short-lived to be copied.
    this.#lastPath = path;
    this.#lastLength = end;
    this.#lastId = id;
    return id;
  }

  /**
   * The directory a whiteout is in: made only if it is there below. Symlinks are not followed: one of this archive makes
   * the whiteout hostile, one below makes it harmless. `name` is what it deletes, `""` the directory's whole content.
   */
  ofWhiteout(path: Buffer, end: number, name: string): number {
    let id = ROOT;
    let missing = -1;
    for (let at = 0; at < end; ) {
      const next = componentEnd(path, at, end);
      const kind = layerNameOf(path, at, next);
      if (kind === "ignored") return IGNORED;
      if (kind !== "plain") throw new Malformed("path below a whiteout");
      const child = this.#directory(id, path, at, next);
      if (child < 0) {
        const type = this.#typeAt(id, path, at, next);
        if (type === S_IFLNK) throw new Malformed("whiteout below a symlink of the same archive");
        if (type !== 0) throw new Malformed("whiteout below something that is no directory");
        missing = at;
        break;
      }
      id = child;
      at = next + 1;
    }
    if (missing < 0) return id;
    if (!this.#below.has(id, path.toString("latin1", missing, end), name)) return NOWHERE;
    for (let at = missing; at < end; ) {
      const next = componentEnd(path, at, end);
      id = this.#make(id, path, at, next);
      at = next + 1;
    }
    return id;
  }

  /** The directory a hard link's target is in. Throws where there is none. */
  ofTarget(path: Buffer, end: number): number {
    this.#symlinks = 0;
    let id = ROOT;
    for (let at = 0; at < end; ) {
      const next = componentEnd(path, at, end);
      if (layerNameOf(path, at, next) !== "plain") throw new Malformed("hard link to a whiteout");
      id = this.#enter(id, path, at, next, "target");
      at = next + 1;
    }
    return id;
  }

  /** Call it when anything was replaced: paths may lead elsewhere now. */
  forget(): void {
    this.#lastLength = 0;
  }

  #enter(id: number, bytes: Buffer, start: number, end: number, missing: Missing): number {
    const known = this.#directory(id, bytes, start, end);
    if (known >= 0) return known;
    const type = this.#typeAt(id, bytes, start, end);
    if (type === S_IFLNK) {
      const text = readlinkAt(this.#open.fd(id), bytes.subarray(start, end));
      return this.#follow(id, text, missing === "target" ? "target" : "text");
    }
    if (type !== 0) throw new Malformed(`${shown(bytes, start, end)} is not a directory`);
    if (missing !== "entry") {
      const found = this.#below.lookup(id, bytes.toString("latin1", start, end));
      const foundType = found === null ? 0 : found.stat.mode & S_IFMT;
      if (foundType === S_IFLNK) return this.#follow(id, linkText(found!), missing);
      if (foundType === 0 && missing === "target") throw new Malformed("hard link to what is not there");
      if (foundType !== S_IFDIR && foundType !== 0) {
        throw new Malformed(`${shown(bytes, start, end)} is not a directory`);
      }
    }
    return this.#make(id, bytes, start, end);
  }

  /** Where a symlink in the directory `from` leads, inside the root. */
  #follow(from: number, text: Buffer, missing: Missing): number {
    if (++this.#symlinks > MAX_SYMLINKS) throw new Malformed("its path leads through too many symlinks");
    let id = text[0] === SLASH ? ROOT : from;
    for (let at = 0; at < text.length; ) {
      const next = componentEnd(text, at, text.length);
      const length = next - at;
      if (length === 0 || (length === 1 && text[at] === 0x2e)) {
        // Says nothing.
      } else if (length === 2 && text[at] === 0x2e && text[at + 1] === 0x2e) {
        id = this.#table.parent[id]!;
      } else if (isWhiteoutName(text, at, next)) {
        throw new Malformed("its path leads through a symlink to a whiteout");
      } else {
        id = this.#enter(id, text, at, next, missing);
      }
      at = next + 1;
    }
    return id;
  }

  #directory(id: number, bytes: Buffer, start: number, end: number): number {
    const child = this.#table.find(id, bytes, start, end);
    return child >= 0 && this.#table.has(child, DIRECTORY) ? child : -1;
  }

  /** The file type bits of what lies in the layer's directory, 0 for nothing. */
  #typeAt(id: number, bytes: Buffer, start: number, end: number): number {
    const fd = this.#open.fd(id);
    const result = rawStatx(fd, pinName(bytes, start, end), AT_SYMLINK_NOFOLLOW, STATX_TYPE, stat);
    if (result === -ENOENT) return 0;
    check(result, "statx");
    return stat.mode & S_IFMT;
  }

  #make(id: number, bytes: Buffer, start: number, end: number): number {
    this.#checkName(bytes, start, end);
    const fd = this.#open.fd(id);
    check(libc.mkdirat(fd, pinName(bytes, start, end), IMPLIED_MODE), "mkdirat");
    const known = this.#table.find(id, bytes, start, end);
    if (known < 0) return this.#table.add(id, bytes, start, end, DIRECTORY);
    this.#table.mark(known, DIRECTORY);
    return known;
  }
}

function componentEnd(path: Buffer, start: number, end: number): number {
  const slash = path.indexOf(SLASH, start);
  return slash < 0 || slash > end ? end : slash;
}

function shown(bytes: Buffer, start: number, end: number): string {
  return JSON.stringify(bytes.toString("utf8", start, end));
}
