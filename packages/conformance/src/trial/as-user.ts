/**
 * Runs `act` with the rights of another user, inside `root`: it gets "." as its root, because the directories above may be
 * closed to that user. Synchronous, so nothing else of this process runs meanwhile. Needs root; not in a worker thread.
 */
export function asUser<T>(uid: number, root: string, act: (root: string) => T, gid = uid): T {
  const { setegid, seteuid, setgroups, getgroups } = process;
  if (!setegid || !seteuid || !setgroups || !getgroups) throw new Error("changing the user needs POSIX");
  const home = process.cwd();
  const groups = getgroups();
  process.chdir(root);
  try {
    setgroups([gid]);
    setegid(gid);
    seteuid(uid);
    return act(".");
  } finally {
    seteuid(0);
    setegid(0);
    setgroups(groups);
    process.chdir(home);
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
