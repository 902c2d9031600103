/**
 * Runs `act` with the rights of another user, inside `root`: it gets "." as its root, because the directories above may be
 * closed to that user. Synchronous, so nothing else of this process runs meanwhile. Needs root; not in a worker thread.
 */
export function asUser<T>(uid: number, root: string, act: (root: string) => T, gid = uid): T {
  using _user = new BorrowedUser(uid, gid, root);
  return act(".");
}

/** The same for what awaits: so whatever else this process does meanwhile, it does as that user too. */
export async function awaitedAsUser<T>(uid: number, root: string, act: (root: string) => Promise<T>): Promise<T> {
  using _user = new BorrowedUser(uid, uid, root);
  return await act(".");
}

class BorrowedUser implements Disposable {
  readonly #home = process.cwd();
  readonly #groups: number[];

  constructor(uid: number, gid: number, root: string) {
    const { setegid, seteuid, setgroups, getgroups } = process;
    if (!setegid || !seteuid || !setgroups || !getgroups) throw new Error("changing the user needs POSIX");
    this.#groups = getgroups();
    process.chdir(root);
    try {
      setgroups([gid]);
      setegid(gid);
      seteuid(uid);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(this.#groups);
    process.chdir(this.#home);
  }
}

/** Runs `act` under another umask. */
export function withUmask<T>(mask: number, act: () => T): T {
  const before = process.umask(mask);
  try {
    return act();
  } finally {
    process.umask(before);
  }
}
