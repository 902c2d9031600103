import { AT_FDCWD, commandOf, readWholeFile, tryLstatAt } from "@copyup/linux";

/** Processes that hold a flock on that file, from /proc/locks; those of other pid namespaces do not show up there. */
export function lockHolders(path: string): { pid: number; command: string }[] {
  const stat = tryLstatAt(AT_FDCWD, path);
  if (stat === null) return [];
  const pids = new Set<number>();
  for (const line of readWholeFile(AT_FDCWD, "/proc/locks").toString().split("\n")) {
    // "3: FLOCK  ADVISORY  WRITE 812 fd:01:1835 0 EOF"; a waiter's line has "->" after the number.
    const [, type, , , pid, file] = line.trim().split(/\s+/);
    // The inode alone: btrfs shows its superblock's device here and another one in stat.
    if (type === "FLOCK" && file?.split(":")[2] === String(stat.ino) && Number(pid) > 0) pids.add(Number(pid));
  }
  return [...pids].map((pid) => ({ pid, command: commandOf(pid) }));
}
