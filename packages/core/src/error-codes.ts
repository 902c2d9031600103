/** Every code, with what it means and what a person usually does. docs/errors.md is made from this table. */
export const ERROR_CODES = {
  ABORTED: "The caller's AbortSignal (or Ctrl-C) ended it; everything it had begun was rolled back.",
  BAD_ARCHIVE: "A layer tar is truncated, malformed or hostile; the entry is named, nothing of it was kept.",
  BAD_ID: "Not a layer id: 1 to 64 letters, digits, '-' or '_', beginning with a letter or digit.",
  BAD_OPTION: "An option a driver or a verb does not know, or a value it cannot take.",
  BAD_TARGET: "The mount target is missing, is not a directory, or lies inside the store.",
  CORRUPT: "Something on disk is not what its record says: a manifest, a digest, a layer.json.",
  DRIVER_UNSUPPORTED: "The driver cannot work here; the probe's evidence and a fix stand in the message and hint.",
  EXISTS: "That id is taken.",
  IO: "The kernel answered with an error that has no code of its own; syscall and errno say which.",
  LAYER_IN_USE: "The layer is mounted, lent, being committed, or the parent of another; the holders are named.",
  LIMIT_EXCEEDED: "A limit against hostile input was reached (entries, bytes, path length, xattrs).",
  MOUNT_BUSY: "The kernel would not unmount: the holders (pid, command, path) are named.",
  MOUNT_FAILED: "The kernel refused the mount; its own message is in the text where it gave one.",
  MOUNT_MISMATCH: "The mount is not what was asked for (read-only, or lowers missing); it was undone.",
  NEEDS_NAMESPACE:
    "It takes root, or a user namespace of one's own (`copyup unshare -- COMMAND`); where the kernel gives none, its reason is told.",
  NEEDS_PRIVILEGE: "The verb needs root, or a user namespace.",
  NO_DRIVER: "No driver works here; each one's evidence and fix are listed.",
  NO_INODES: "The filesystem has no free inodes.",
  NO_SPACE: "The filesystem or a quota is full.",
  NOT_ACTIVE: "The verb needs an active layer and this one is committed.",
  NOT_COMMITTED: "The verb needs a committed layer and this one is active.",
  NOT_FOUND: "No layer with that id.",
  NOT_IMPLEMENTED:
    "A driver in the making: the message says what its author still has to write, and in which file (docs/adding-a-driver.md).",
  NOT_MOUNTED: "Nothing of this store is mounted there.",
  NOT_REPRESENTABLE: "A name or an attribute that a layer archive, a driver or this user cannot store; it is named.",
  PARENT_NOT_FOUND: "The parent named for a new layer does not exist.",
  READ_ONLY: "The store's root is on a read-only filesystem or may not be written.",
  STORE_FORMAT: "The store, or a layer in it, was written by a newer copyup or another program.",
  TOO_MANY_LAYERS: "The chain is longer than the driver can mount.",
  WRONG_DRIVER: "The store or layer belongs to another driver than the one asked for.",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;
