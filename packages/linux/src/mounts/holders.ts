import { AT_FDCWD, O_PATH } from "../constants.ts";
import { isSystemError } from "../errors.ts";
import { cstring } from "../ffi/memory.ts";
import { listDirectory } from "../files/directory.ts";
import { openAt, readlinkAt, readWholeFile, withFd } from "../files/files.ts";
import {
  AT_STATX_DONT_SYNC,
  fstat,
  rawStatx,
  STATX_BASIC,
  STATX_MNT_ID,
  STATX_MNT_ID_UNIQUE,
  Stat,
} from "../files/statx.ts";
import { type MountInfo, readMountInfo } from "./mountinfo.ts";

/** Why an unmount is refused. */
export interface Holder {
  readonly pid: number;
  readonly command: string;
  /** `cwd`, `root`, `exe`, `fd 7`, `mapping`, `mount` (mounted in its namespace), `nested mount`. */
  readonly how: string;
  readonly path: string;
}

/**
 * Processes that use a filesystem with that device number: open files, working directories, executables, mappings. Slow
 * (walks /proc); only for error messages. A bind shares its device with the rest of its filesystem, so `mount` narrows it
 * to one mount where given; by the id that is not reused where it is known, because the other one is, at once, by whatever
 * is mounted next in any namespace.
 */
export function findHolders(
  device: { major: number; minor: number },
  mount: { id: number; uniqueId: number | null } | null = null,
): Holder[] {
  const holders: Holder[] = [];
  for (const { pid, how, path, mountId, uniqueMountId } of openFilesOn(device)) {
    const unique = mount?.uniqueId != null && uniqueMountId !== null;
    const matches = mount === null || (unique ? uniqueMountId === mount.uniqueId : mountId === mount.id);
    if (matches) holders.push({ pid, command: commandOf(pid), how, path });
  }
  return holders;
}

/** One thing that a process has open. */
export interface OpenFile {
  readonly pid: number;
  /** As in Holder. */
  readonly how: string;
  /** As the kernel shows it: from the root of its mount where that is detached, ` (deleted)` behind it when it is. */
  readonly path: string;
  readonly mountId: number;
  /** Since 6.8, null before. */
  readonly uniqueMountId: number | null;
  /** As Stat's key. */
  readonly inode: string;
}

/** All that processes have open on that device, as far as we may look. Walks /proc: slow. */
export function* openFilesOn(device: { major: number; minor: number }): Generator<OpenFile> {
  for (const entry of listDirectory("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      yield* openFilesOf(pid, device);
    } catch (error) {
      // The process ended, or is not ours to look into.
      if (!isSystemError(error)) throw error;
    }
  }
}

function* openFilesOf(pid: number, device: { major: number; minor: number }): Generator<OpenFile> {
  const seen = new Set<string>();
  const links: [string, string][] = ["cwd", "root", "exe"].map((name) => [name, name]);
  for (const fd of tryList(`/proc/${pid}/fd`)) links.push([`fd/${fd}`, `fd ${fd}`]);
  for (const range of tryList(`/proc/${pid}/map_files`)) links.push([`map_files/${range}`, "mapping"]);
  const stat = new Stat();
  for (const [link, how] of links) {
    const path = `/proc/${pid}/${link}`;
    if (rawStatx(AT_FDCWD, cstring(path), AT_STATX_DONT_SYNC, STATX_BASIC | STATX_MNT_ID, stat) !== 0) continue;
    if (stat.devMajor !== device.major || stat.devMinor !== device.minor) continue;
    const target = readlinkAt(AT_FDCWD, path).toString();
    if (how === "mapping" && seen.has(target)) continue;
    seen.add(target);
    const { mountId, key: inode } = stat;
    yield { pid, how, path: target, mountId, uniqueMountId: uniqueMountIdAt(path, stat), inode };
  }
}

function uniqueMountIdAt(path: string, stat: Stat): number | null {
  if (rawStatx(AT_FDCWD, cstring(path), AT_STATX_DONT_SYNC, STATX_MNT_ID_UNIQUE, stat) !== 0) return null;
  return (stat.mask & STATX_MNT_ID_UNIQUE) === 0 ? null : stat.mountId;
}

function tryList(path: string): string[] {
  try {
    return listDirectory(path);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** The process's name as `ps` shows it; `?` when it has ended. */
export function commandOf(pid: number): string {
  try {
    return readWholeFile(AT_FDCWD, `/proc/${pid}/comm`).toString().trim();
  } catch {
    return "?";
  }
}

/** Mounts of one superblock in other mount namespaces, one process named for each namespace. */
export function mountsInOtherNamespaces(
  device: { major: number; minor: number },
  matches: (mount: MountInfo) => boolean = () => true,
): Holder[] {
  const own = mountNamespace("self");
  const seen = new Set([own]);
  const holders: Holder[] = [];
  for (const entry of listDirectory("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const namespace = mountNamespace(pid);
      if (seen.has(namespace)) continue;
      seen.add(namespace);
      for (const mount of readMountInfo(pid)) {
        if (mount.major === device.major && mount.minor === device.minor && matches(mount)) {
          holders.push({ pid, command: commandOf(pid), how: "mount", path: mount.target });
        }
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
  return holders;
}

/** Inode number of a process's mount namespace, as text; reused after the namespace is gone. */
export function mountNamespace(pid: number | "self"): string {
  return readlinkAt(AT_FDCWD, `/proc/${pid}/ns/mnt`).toString();
}

/** Device and mount id of what is at that path. */
export function mountIdentity(path: string): { major: number; minor: number; mountId: number } {
  return withFd(openAt(AT_FDCWD, path, O_PATH), (fd) => {
    const stat = fstat(fd, new Stat(), STATX_BASIC | STATX_MNT_ID);
    return { major: stat.devMajor, minor: stat.devMinor, mountId: stat.mountId };
  });
}

/** Start time of a process in clock ticks since boot: with the pid it names one process. Null when it has ended. */
export function processStartTime(pid: number): string | null {
  return processFields(pid)?.[19] ?? null;
}

/** One process, for good: pids are reused, pid and start time are not. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** Does it still run? One that has ended and was not yet waited for does not. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const fields = processFields(pid);
  return fields !== null && fields[19] === startTime && fields[0] !== "Z" && fields[0] !== "X";
}

/** /proc/PID/stat from the third field (the state) on. Null when it has ended. */
function processFields(pid: number): string[] | null {
  try {
    const text = readWholeFile(AT_FDCWD, `/proc/${pid}/stat`).toString();
    // The command in parentheses may hold spaces and parentheses: what follows the last ")" is counted.
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}
