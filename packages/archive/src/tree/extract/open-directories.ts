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
    const [fd, older] = [this.#olderFd, this.#olderId];
    this.#olderId = this.#id;
    this.#olderFd = this.#fd;
    this.#id = id;
    if (id === older) {
      this.#fd = fd;
      return fd;
    }
    this.#fd = -1;
    if (fd >= 0) libc.close(fd);
    this.#table.copyPath(id, path.buffer);
    const opened = rawOpenAt2(this.#rootFd, path.ptr, O_PATH | O_DIRECTORY, RESOLVE);
    if (opened < 0) this.#id = -1;
    this.#fd = check(opened, "openat2");
    return opened;
  }

  /** Call it when a directory was replaced, and at the end. */
  close(): void {
    if (this.#fd >= 0) libc.close(this.#fd);
    if (this.#olderFd >= 0) libc.close(this.#olderFd);
    this.#id = this.#olderId = this.#fd = this.#olderFd = -1;
  }
}
