import { AT_FDCWD, closeFd, fstat, lstatAt, O_NOFOLLOW, openPathAt, Stat } from "@copyup/linux";

const stat = new Stat();

/**
 * Which inodes of the model were there when the layer began, and so lie in a lower layer of a union until something is
 * written to them. Each is held by a descriptor: the number of a deleted inode would be given to a new one.
 */
export class LowerInodes {
  readonly #held = new Map<string, number>();

  add(path: Buffer): void {
    const fd = openPathAt(AT_FDCWD, path, O_NOFOLLOW);
    const { key } = fstat(fd, stat);
    if (this.#held.has(key)) closeFd(fd);
    else this.#held.set(key, fd);
  }

  has(path: Buffer): boolean {
    return this.#held.has(lstatAt(AT_FDCWD, path, stat).key);
  }

  /** It has been copied up: what is written to it now stays where it is. */
  copiedUp(path: Buffer): void {
    const { key } = lstatAt(AT_FDCWD, path, stat);
    const fd = this.#held.get(key);
    if (fd === undefined) return;
    this.#held.delete(key);
    closeFd(fd);
  }

  clear(): void {
    for (const fd of this.#held.values()) closeFd(fd);
    this.#held.clear();
  }
}
