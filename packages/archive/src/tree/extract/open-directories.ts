import {
  check,
  libc,
  O_DIRECTORY,
  O_PATH,
  pin,
  RESOLVE_BENEATH,
  RESOLVE_NO_MAGICLINKS,
  RESOLVE_NO_SYMLINKS,
  RESOLVE_NO_XDEV,
  rawOpenAt2,
} from "@copyup/linux";
import { type DirectoryTable, ROOT } from "./directory-table.ts";

const path = pin(8192);
/**
 * Symlinks are followed before, since they are paths of a view and not of one directory; what is left are real directories,
 * and the kernel confirms it: no symlink, no mount, nothing outside the root.
 */
const RESOLVE = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;

/**
 * Descriptors of the layer's directories. The last two stay open: an archive writes directory by directory, and a hard link
 * needs two.
 */
export class OpenDirectories {
  readonly #table: DirectoryTable;
  readonly #rootFd: number;
  #id = -1;
  #fd = -1;
  #olderId = -1;
  #olderFd = -1;

  constructor(table: DirectoryTable, rootFd: number) {
    this.#table = table;
    this.#rootFd = rootFd;
  }

  /** Good until two other directories were asked for. */
  fd(id: number): number {
    if (id === this.#id) return this.#fd;
    if (id === ROOT) return this.#rootFd;
    if (id === this.#olderId) {
      [this.#id, this.#fd, this.#olderId, this.#olderFd] = [id, this.#olderFd, this.#id, this.#fd];
      return this.#fd;
    }
    const opened = this.#openDirectory(id);
    if (this.#olderFd >= 0) libc.close(this.#olderFd);
    [this.#olderId, this.#olderFd] = [this.#id, this.#fd];
    [this.#id, this.#fd] = [id, opened];
    return opened;
  }

  /** From the directory it lies in, if that is open: so a walk down costs no more the deeper it goes. */
  #openDirectory(id: number): number {
    const parent = this.#table.parent[id]!;
    let from = this.#rootFd;
    if (parent === this.#id) from = this.#fd;
    else if (parent === this.#olderId) from = this.#olderFd;
    if (from === this.#rootFd) this.#table.copyPath(id, path.buffer);
    else this.#table.copyName(id, path.buffer, 0);
    return check(rawOpenAt2(from, path.ptr, O_PATH | O_DIRECTORY, RESOLVE), "openat2");
  }

  /** Call it when a directory was replaced, and at the end. */
  close(): void {
    if (this.#fd >= 0) libc.close(this.#fd);
    if (this.#olderFd >= 0) libc.close(this.#olderFd);
    this.#id = this.#olderId = this.#fd = this.#olderFd = -1;
  }
}
