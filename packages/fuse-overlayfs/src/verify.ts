import { type Mounted, StorageError } from "@copyup/core";
import { mountAt } from "@copyup/linux";

/** The store has asked the daemon already; here only what mountinfo says is looked at. Throws `MOUNT_MISMATCH`. */
export function verifyMount({ mode, target }: Mounted): void {
  const mount = mountAt(target);
  // A further mount of the layer is a bind of the first: its own flags count, not the superblock's.
  if (mount?.type !== "fuse.fuse-overlayfs") throw mismatch(target, "no fuse-overlayfs is mounted there");
  const readonly = mount.options.includes("ro");
  if (readonly && mode === "rw") throw mismatch(target, "it is read-only and was to be writable");
  if (!readonly && mode === "ro") throw mismatch(target, "it is writable and was to be read-only");
}

function mismatch(target: string, message: string): StorageError {
  return new StorageError({
    code: "MOUNT_MISMATCH",
    op: "mount",
    driver: "fuse-overlayfs",
    path: target,
    message: `${target}: ${message}`,
  });
}
