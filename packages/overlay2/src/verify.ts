import { type Mounted, StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  DT_UNKNOWN,
  forEachName,
  fstatfs,
  O_DIRECTORY,
  O_RDONLY,
  OVERLAYFS_SUPER_MAGIC,
  openAt,
  ST_RDONLY,
  withFd,
} from "@copyup/linux";
import { workOf } from "./layout.ts";

/** Looks at the mount from the outside, as its user will. Throws `MOUNT_MISMATCH`. */
export function verifyMount({ chain, mode, target }: Mounted): void {
  const { type, flags } = withFd(openAt(AT_FDCWD, target, O_RDONLY | O_DIRECTORY), fstatfs);
  if (type !== OVERLAYFS_SUPER_MAGIC) throw mismatch(target, "no overlay is mounted there");
  const readonly = (flags & ST_RDONLY) !== 0;
  if (readonly && mode === "rw") throw mismatch(target, "it is read-only and was to be writable");
  if (!readonly && mode === "ro") throw mismatch(target, "it is writable and was to be read-only");
  const head = chain[0];
  if (mode === "rw" && head !== undefined) requireTypes(workOf(head), target);
}

/**
 * The kernel mounts also where readdir gives no types (ext4 without filetype, xfs with ftype=0), and then lists deleted files.
 * The workdir has one entry at least, made by the mount.
 */
function requireTypes(work: string, target: string): void {
  withFd(openAt(AT_FDCWD, work, O_RDONLY | O_DIRECTORY), (fd) =>
    forEachName(fd, (_, type) => {
      if (type === DT_UNKNOWN)
        throw mismatch(target, "the filesystem below gives no file types, so deleted files would be listed");
    }),
  );
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
