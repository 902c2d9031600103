import { StorageError } from "@copyup/core";
import {
  AT_FDCWD,
  check,
  closeFd,
  isSystemError,
  libc,
  namesOf,
  O_DIRECTORY,
  O_RDONLY,
  openAt,
  storageErrorFrom,
} from "@copyup/linux";
import { dropInheritedAcls } from "../copy/attributes.ts";

/**
 * Opens the layer's directory, which must be empty, and takes from it what files made in it would inherit: a default ACL,
 * the set-group-id bit, and on mounts with `grpid` its group. Its own attributes are written last of all.
 */
export function prepareRoot(dir: string): number {
  let fd = -1;
  try {
    fd = openAt(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY);
    if (namesOf(fd).length > 0) throw notEmpty(dir);
    dropInheritedAcls(fd);
    check(libc.fchmod(fd, 0o700), "fchmod", dir);
    // An ordinary user cannot where it is another's: then every file's owner is found not to be storable.
    libc.fchown(fd, process.geteuid!(), process.getegid!());
    return fd;
  } catch (error) {
    if (fd >= 0) closeFd(fd);
    throw isSystemError(error) ? storageErrorFrom(error, "apply") : error;
  }
}

function notEmpty(dir: string): StorageError {
  const message = `${dir} is not empty: a layer is extracted into a directory of its own`;
  return new StorageError({ code: "EXISTS", op: "apply", message, path: dir });
}
