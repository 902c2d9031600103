import { fstat, libc } from "@copyup/linux";
import type { Fresh } from "./attributes.ts";

/** What files this process makes begin with. */
export class NewFiles {
  private readonly uid = process.geteuid?.() ?? -1;
  private gid = process.getegid?.() ?? -1;
  private gidSeen = false;
  private readonly umask: number;

  constructor() {
    // There is no way to read it but to set it.
    this.umask = libc.umask(0o077);
    libc.umask(this.umask);
  }

  /** Of a file made with these permission bits in a directory it inherits nothing from. */
  fresh(fd: number, mode: number): Fresh {
    if (!this.gidSeen) {
      this.gidSeen = true;
      // Some mounts (`grpid`) give new files their directory's group, not ours.
      if (fstat(fd).gid !== this.gid) this.gid = -1;
    }
    return { uid: this.uid, gid: this.gid, mode: mode & ~this.umask };
  }
}
