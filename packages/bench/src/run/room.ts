import { readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type FilesystemStat, statfs, syncFilesystem } from "@copyup/linux";

const SECTOR = 512;

/** What a filesystem on a device of its own holds, and what was written to the device since it came up. */
export interface RoomUse {
  readonly writtenBytes: number | null;
  readonly diskBytes: number;
  /** Null where there is no inode table (btrfs). */
  readonly inodes: number | null;
}

/** After a sync, so that what a run has left to the kernel is counted as its own. */
export async function useOfRoom(dir: string): Promise<RoomUse> {
  await syncFilesystem(dir);
  const { totalBytes, freeBytes, totalInodes, freeInodes } = await settled(dir);
  return {
    writtenBytes: bytesWritten(dir),
    diskBytes: totalBytes - freeBytes,
    inodes: totalInodes === 0 ? null : totalInodes - freeInodes,
  };
}

const PAUSE_MS = 10;
const PAUSES = 50;

/**
 * xfs gives back what was unlinked in the background (inodegc, since 5.14), and a sync does not wait for it: seen were runs that
 * "used" -16 MB, which the contestant before had removed.
 */
async function settled(dir: string): Promise<FilesystemStat> {
  let last = statfs(dir);
  for (let i = 0; i < PAUSES; i++) {
    await sleep(PAUSE_MS);
    const now = statfs(dir);
    if (now.freeBytes === last.freeBytes && now.freeInodes === last.freeInodes) break;
    last = now;
  }
  return last;
}

/** Field 7 of the kernel's Documentation/block/stat.rst; null for a filesystem that is on no one device (btrfs, tmpfs). */
function bytesWritten(dir: string): number | null {
  const { dev } = statSync(dir);
  // The encoding of glibc's gnu_dev_major and gnu_dev_minor.
  const major = Math.floor(dev / 256) & 0xfff;
  const minor = (dev & 0xff) + (Math.floor(dev / 0x100000) & 0xfff) * 256;
  try {
    const fields = readFileSync(`/sys/dev/block/${major}:${minor}/stat`, "utf8").trim().split(/\s+/);
    return Number(fields[6]) * SECTOR;
  } catch {
    return null;
  }
}
