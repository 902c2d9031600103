import type { CopyStamp } from "@copyup/core";
import { bootId, clockOffsetNs, type Stat, statfs } from "@copyup/linux";
import { DirectoryList } from "./directory-list.ts";
import { CLOCK_TOLERANCE_NS } from "./tolerance.ts";

const NS = 1_000_000_000n;

/**
 * Magic numbers (statfs(2)) of filesystems where an exchange (renameat2, RENAME_EXCHANGE) sets the ctime of both inodes: ext2
 * to ext4, btrfs, tmpfs. xfs does so for directories only (xfs_cross_rename), and of others we do not know.
 */
const EXCHANGE_SETS_CTIME: ReadonlySet<number> = new Set([0xef53, 0x9123683e, 0x01021994]);

/** What a copy stamp says about the files of a tree that began as a full copy. */
export class CopiedTree {
  private readonly seconds: number;
  private readonly nanoseconds: number;
  private readonly directories: DirectoryList;
  /** Where not, names of a changed directory may have changed places although their inodes' ctimes are old. */
  readonly exchangeSetsCtime: boolean;

  private constructor(ctimeNs: bigint, directories: DirectoryList, exchangeSetsCtime: boolean) {
    this.seconds = Number(ctimeNs / NS);
    this.nanoseconds = Number(ctimeNs % NS);
    this.directories = directories;
    this.exchangeSetsCtime = exchangeSetsCtime;
  }

  /**
   * Null where the stamp says nothing any more: after a reboot (the clock may have been set in between), when the clock was
   * set, or when the list of directories is gone. A clock set back and then forward again by just as much leaves no trace.
   */
  static of(stamp: CopyStamp): CopiedTree | null {
    if (stamp.bootId !== bootId()) return null;
    const moved = clockOffsetNs() - stamp.clockOffsetNs;
    if (moved > CLOCK_TOLERANCE_NS || moved < -CLOCK_TOLERANCE_NS) return null;
    const directories = DirectoryList.read(stamp.directories);
    if (directories === null) return null;
    return new CopiedTree(stamp.ctimeNs, directories, EXCHANGE_SETS_CTIME.has(statfs(stamp.directories).type));
  }

  /**
   * Neither the inode nor its name changed since the copy, provided that its directory lies where it lay: every change, a
   * rename and a new link too, sets ctime; an exchange not everywhere.
   */
  untouched(stat: Stat): boolean {
    return stat.ctimeSec < this.seconds || (stat.ctimeSec === this.seconds && stat.ctimeNsec <= this.nanoseconds);
  }

  /** The directory was copied to this path, and it was not moved (moving it changes no ctime below it). */
  inPlace(stat: Stat, path: string): boolean {
    return this.directories.has(stat, path);
  }
}
