import { StorageError } from "@copyup/core";
import { AT_FDCWD } from "../constants.ts";
import {
  EBUSY,
  EINVAL,
  ELOOP,
  EMFILE,
  ENFILE,
  ENODEV,
  ENOENT,
  ENOSPC,
  ENOTCONN,
  ENOTDIR,
  EPERM,
  ESTALE,
  isSystemError,
  type SystemError,
} from "../errors.ts";
import { existsAt } from "../files/files.ts";

interface Cause {
  readonly errno: number;
  /** In the kernel's sentence; without it the errno is enough. */
  readonly says?: RegExp;
  readonly hint: string;
}

/** What a person can do about a refused mount. The first that fits counts, so the ones with a sentence stand before those without. */
const CAUSES: readonly Cause[] = [
  { errno: EPERM, hint: "mounting needs root, or a user namespace of one's own: `copyup unshare -- COMMAND`" },
  { errno: ENODEV, hint: "this kernel has no such filesystem: `modprobe overlay` loads it where it is a module" },
  { errno: ENOENT, hint: "a directory of a layer is missing: `copyup store check` names the layer" },
  {
    errno: ENOTDIR,
    hint: "something in the place of a layer's directory is not a directory: `copyup store check` names the layer",
  },
  { errno: ELOOP, hint: "a directory is given twice, or lies inside another one of the same mount" },
  {
    errno: EBUSY,
    hint: "another mount, perhaps a lazily unmounted one or one in another namespace, still uses this upper directory",
  },
  {
    errno: ESTALE,
    hint: "the upper directory was used with other lowers while index=on: copy it, or take its trusted.overlay.origin off",
  },
  { errno: ENOTCONN, hint: "a FUSE mount whose daemon has died is there: unmount it first" },
  { errno: EMFILE, hint: "the process has too many open files: raise `ulimit -n`" },
  { errno: ENFILE, hint: "the machine has too many open files: raise fs.file-max" },
  { errno: ENOSPC, hint: "the filesystem is full, or the limit of mounts (fs.mount-max) is reached" },
  {
    errno: EINVAL,
    says: /stacking depth/,
    hint: "the layers lie on an overlay that lies on an overlay: keep the store on the disk's own filesystem (a volume), or use plain-copy",
  },
  {
    errno: EINVAL,
    says: /not supported as upperdir/,
    hint: "an upper directory cannot lie on overlay, NFS or most FUSE filesystems: put the store on ext4, xfs, btrfs or tmpfs, or use plain-copy",
  },
  { errno: EINVAL, says: /separate subtrees/, hint: "the upper and the work directory must lie beside each other" },
  {
    errno: EINVAL,
    says: /same mount/,
    hint: "the upper and the work directory must lie on one mount: something is mounted inside the store",
  },
  { errno: EINVAL, says: /too many lower/, hint: "the chain is too long: flatten it" },
  { errno: EINVAL, says: /read-?only/i, hint: "the filesystem of the upper directory is mounted read-only" },
  { errno: EINVAL, hint: "the kernel's log (`dmesg`) may say more" },
];

/** The StorageError for a mount the kernel refused; its own sentence stands in the message. Other errors pass unchanged. */
export function mountFailure(error: unknown, what: string, target: string, work: string | null = null): unknown {
  if (!isSystemError(error)) return error;
  return new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    message: `the kernel refused ${what} at ${target}: ${error.message}`,
    path: error.path ?? target,
    syscall: error.syscall,
    errno: error.code,
    hint: error.errno === EINVAL ? (volatileHint(work) ?? hintFor(error)) : hintFor(error),
    cause: error,
  });
}

/** The kernel leaves this mark in a workdir that was mounted volatile, and takes it off for nobody (overlayfs.rst, "Volatile mount"). */
function volatileHint(work: string | null): string | undefined {
  const mark = `${work}/work/incompat/volatile`;
  if (work === null || !existsAt(AT_FDCWD, mark)) return undefined;
  return `the layer was mounted with the option volatile, so a crash may have cost what was written: remove the layer, or, if you trust its content, ${mark}`;
}

function hintFor(error: SystemError): string | undefined {
  const cause = CAUSES.find(
    ({ errno, says }) => errno === error.errno && (says === undefined || says.test(error.kernelMessage ?? "")),
  );
  return cause?.hint;
}
