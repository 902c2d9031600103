import { type Mounted, StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  DT_UNKNOWN,
  forEachName,
  O_DIRECTORY,
  O_RDONLY,
  OVERLAYFS_SUPER_MAGIC,
  openAt,
  ST_RDONLY,
  statfs,
  withFd,
} from "@copyup/linux";
import { workOf } from "./layout.ts";

/** Looks at mounts from the outside, as their users will. What it gives throws `MOUNT_MISMATCH`. */
export function makeVerify(): (mounted: Mounted) => void {
  // All layers of a store lie on one filesystem, so one writable mount shows it.
  let typed = false;
  return ({ chain, mode, target }) => {
    const { type, flags } = statfs(target);
    if (type !== OVERLAYFS_SUPER_MAGIC) throw mismatch(target, "no overlay is mounted there");
    const readonly = (flags & ST_RDONLY) !== 0;
    if (readonly && mode === "rw") throw mismatch(target, "it is read-only and was to be writable");
    if (!readonly && mode === "ro") throw mismatch(target, "it is writable and was to be read-only");
    const head = chain[0];
    if (mode === "rw" && !typed && head !== undefined) typed = requireTypes(workOf(head), target);
  };
}

/**
 * The kernel mounts also where readdir gives no types (ext4 without filetype, xfs with ftype=0), and then lists deleted files.
 * The workdir has one entry at least, made by the mount. True where types were seen.
 */
function requireTypes(work: string, target: string): boolean {
  let seen = false;
  withFd(openAt(AT_FDCWD, work, O_RDONLY | O_DIRECTORY), (fd) =>
    forEachName(fd, (_, type) => {
      if (type === DT_UNKNOWN)
        throw mismatch(target, "the filesystem below gives no file types, so deleted files would be listed");
      seen = true;
    }),
  );
  return seen;
}

function mismatch(target: string, message: string): StorageError {
  return new StorageError({
    code: "MOUNT_MISMATCH",
    op: "mount",
    driver: "overlay2",
    path: target,
    message: `${target}: ${message}`,
  });
}
