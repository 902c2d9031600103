import { type ErrorCode, StorageError } from "@copyup/core";
import {
  displayPath,
  EACCES,
  EDQUOT,
  EINVAL,
  ENAMETOOLONG,
  ENOSPC,
  EPERM,
  EROFS,
  fstatfs,
  SystemError,
} from "@copyup/linux";

const EFBIG = 27;
const EMLINK = 31;
const EOVERFLOW = 75;
const EILSEQ = 84;

const CODES: Readonly<Record<number, ErrorCode>> = {
  [EDQUOT]: "NO_SPACE",
  [EROFS]: "READ_ONLY",
  [EPERM]: "NEEDS_PRIVILEGE",
  [EACCES]: "NEEDS_PRIVILEGE",
  // What the filesystem cannot hold: long or ill-formed names (casefolding), huge files, too many links.
  [ENAMETOOLONG]: "NOT_REPRESENTABLE",
  [EINVAL]: "NOT_REPRESENTABLE",
  [EFBIG]: "NOT_REPRESENTABLE",
  [EMLINK]: "NOT_REPRESENTABLE",
  [EOVERFLOW]: "NOT_REPRESENTABLE",
  [EILSEQ]: "NOT_REPRESENTABLE",
};

/** For people; the layer's root is `.`. */
export function shownEntry(path: Uint8Array): string {
  return path.length === 0 ? "." : displayPath(path);
}

/** The StorageError that names the entry, for a system call that failed while it was written. Others pass unchanged. */
export function extractionError(error: unknown, path: Uint8Array, rootFd: number): unknown {
  if (!(error instanceof SystemError)) return error;
  const shown = shownEntry(path);
  return new StorageError({
    code: error.errno === ENOSPC ? fullCode(rootFd) : (CODES[error.errno] ?? "IO"),
    op: "apply",
    message: `${shown}: ${error.syscall}: ${error.kernelMessage ?? error.code}`,
    path: shown,
    syscall: error.syscall,
    errno: error.code,
    cause: error,
  });
}

/** Filesystems without an inode table (btrfs) report 0 of 0: there it is space that ran out. */
function fullCode(rootFd: number): ErrorCode {
  const { freeInodes, totalInodes } = fstatfs(rootFd);
  return freeInodes === 0 && totalInodes > 0 ? "NO_INODES" : "NO_SPACE";
}

/** A name or attribute that the archive may hold and this layer's directory cannot. */
export function notRepresentable(path: Uint8Array, what: string, hint?: string): StorageError {
  const shown = shownEntry(path);
  return new StorageError({ code: "NOT_REPRESENTABLE", op: "apply", message: `${shown}: ${what}`, path: shown, hint });
}

export function badArchive(path: Uint8Array, what: string): StorageError {
  const shown = shownEntry(path);
  return new StorageError({ code: "BAD_ARCHIVE", op: "apply", message: `${shown}: ${what}`, path: shown });
}
