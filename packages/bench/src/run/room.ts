import { readFileSync, statSync } from "node:fs";
import { statfs, syncFilesystem } from "@copyup/linux";

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
  const { totalBytes, freeBytes, totalInodes, freeInodes } = statfs(dir);
  return {
    writtenBytes: bytesWritten(dir),
    diskBytes: totalBytes - freeBytes,
    inodes: totalInodes === 0 ? null : totalInodes - freeInodes,
  };
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
