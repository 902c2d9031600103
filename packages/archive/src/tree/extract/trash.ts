import { check, cstring, libc, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_PATH, openAt } from "@copyup/linux";

/** No entry of an archive can be called so. */
const NAME = ".wh..wh.trash";

/**
 * Where replaced directories go until the end: moving one is a single call however much is in it. A directory in the
 * layer's own, so that everything stays on one filesystem.
 */
export class Trash {
  readonly #rootFd: number;
  #fd = -1;
  #count = 0;

  constructor(rootFd: number) {
    this.#rootFd = rootFd;
  }

  /** The directory for what is put aside; made when first needed. */
  get fd(): number {
    if (this.#fd >= 0) return this.#fd;
    check(libc.mkdirat(this.#rootFd, cstring(NAME), 0o700), "mkdirat");
    this.#fd = openAt(this.#rootFd, NAME, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return this.#fd;
  }

  /** A name not yet used in it. */
  freshName(): string {
    return String(this.#count++);
  }

  /** Puts what is called so aside. */
  take(dirFd: number, name: number): void {
    const into = this.fd;
    check(libc.renameat2(dirFd, name, into, cstring(this.freshName()), 0), "renameat2");
  }

  /** Name in the layer's root of what must be removed at the end; null if nothing was put aside. */
  get left(): string | null {
    return this.#fd < 0 ? null : NAME;
  }

  close(): void {
    if (this.#fd >= 0) libc.close(this.#fd);
    this.#fd = -1;
  }
}
