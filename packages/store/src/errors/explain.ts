import { statfsSync } from "node:fs";
import { isStorageError, StorageError } from "@copyup/core";
import { ENOSPC, isSystemError, SystemError, storageErrorFrom } from "@copyup/linux/errors";

/** What a verb knows of itself when something below it fails. */
export interface Circumstances {
  readonly op: string;
  readonly driver?: string | undefined;
  readonly root: string;
  readonly layer?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The StorageError a caller gets for whatever was thrown below a verb: an abort is ABORTED, a system call's failure is named
 * with layer and driver, a full inode table is told from a full disk. Anything else is a bug of ours and passes unchanged.
 */
export function explain(error: unknown, about: Circumstances): unknown {
  if (about.signal?.aborted && isAbort(error, about.signal)) return aborted(about, error);
  if (isStorageError(error)) return completed(error, about);
  const failure = fromNode(error);
  if (isSystemError(failure, ENOSPC) && outOfInodes(about.root)) {
    return new StorageError({
      ...about,
      code: "NO_INODES",
      message: withoutInodes(failure.message, about),
      path: failure.path,
      syscall: failure.syscall,
      errno: failure.code,
      hint: INODES_HINT,
      cause: error,
    });
  }
  const more = {
    ...(about.driver === undefined ? {} : { driver: about.driver }),
    ...(about.layer === undefined ? {} : { layer: about.layer }),
  };
  return storageErrorFrom(failure, about.op, more);
}

/** Runs a verb's work; what it throws is explained. */
export async function explained<T>(about: Circumstances, work: () => Promise<T>): Promise<T> {
  try {
    about.signal?.throwIfAborted();
    return await work();
  } catch (error) {
    throw explain(error, about);
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}

function aborted(about: Circumstances, cause: unknown): StorageError {
  return new StorageError({
    ...about,
    code: "ABORTED",
    message: `${about.op} was aborted; nothing of it was kept`,
    cause,
  });
}

/** The packages below do not know which layer of which driver they work for. */
function completed(error: StorageError, about: Circumstances): StorageError {
  // A package below knows only that the disk refused.
  const code =
    error.code === "NO_SPACE" && error.errno === "ENOSPC" && outOfInodes(about.root) ? "NO_INODES" : error.code;
  const told = error.driver !== undefined && (error.layer !== undefined || about.layer === undefined);
  if (told && code === error.code) return error;
  const { op, path, syscall, errno, cause } = error;
  const inodes = code === "NO_INODES" && !error.message.includes("inode");
  const message = inodes ? withoutInodes(error.message, about) : error.message;
  const hint = error.hint ?? (inodes ? INODES_HINT : undefined);
  const driver = error.driver ?? about.driver;
  const layer = error.layer ?? about.layer;
  return new StorageError({ code, message, op, path, syscall, errno, hint, driver, layer, cause: cause ?? error });
}

/** What the kernel calls ENOSPC looks like a full disk, and then `df` shows half of it free. */
function withoutInodes(message: string, about: Circumstances): string {
  return `${message}: the filesystem of ${about.root} has no free inodes`;
}

const INODES_HINT =
  "`df -i` shows them; remove layers, or put the store on a filesystem made with more of them (xfs, btrfs)";

/** An error of node:fs, as the same thing of ours. */
function fromNode(error: unknown): unknown {
  if (!(error instanceof Error) || isSystemError(error)) return error;
  const { errno, syscall, path } = error as NodeJS.ErrnoException;
  return typeof errno === "number" && errno < 0 && syscall ? new SystemError(syscall, -errno, path) : error;
}

function outOfInodes(root: string): boolean {
  try {
    // Filesystems without an inode table (btrfs) report 0 of 0.
    const { ffree, files, bavail } = statfsSync(root);
    return ffree === 0 && files > 0 && bavail > 0;
  } catch {
    return false;
  }
}
