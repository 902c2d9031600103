import path from "node:path";
import {
  AT_FDCWD,
  ENOENT,
  fsyncDirectory,
  fsyncFd,
  isSystemError,
  mkdirAt,
  O_CREAT,
  O_EXCL,
  O_WRONLY,
  openAt,
  renameAt,
  unlinkAt,
  withFd,
  writeFd,
} from "@copyup/linux";

export interface AtomicWrite {
  /** A directory on the same filesystem that is ours alone, and swept should this process be killed. */
  readonly scratch: string;
  /** Make the new content and its name survive a power loss. Otherwise only readers and kill -9 are considered. */
  readonly durable: boolean;
  /** Fail with EEXIST rather than replace. */
  readonly fresh?: boolean;
}

const RENAME_NOREPLACE = 1;
let written = 0;

/** Readers see the old content or the new one, whole, whenever this process is killed. */
export function writeAtomically(file: string, text: string, options: AtomicWrite): void {
  const temporary = `${options.scratch}/write-${++written}`;
  const bytes = Buffer.from(text);
  try {
    withFd(openNew(temporary, options.scratch), (fd) => {
      writeFd(fd, bytes);
      if (options.durable) fsyncFd(fd);
    });
    renameAt(AT_FDCWD, temporary, AT_FDCWD, file, options.fresh ? RENAME_NOREPLACE : 0);
  } catch (error) {
    tryUnlink(temporary);
    throw error;
  }
  if (options.durable) fsyncDirectory(path.dirname(file));
}

function openNew(file: string, directory: string): number {
  const open = () => openAt(AT_FDCWD, file, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  try {
    return open();
  } catch (error) {
    if (!isSystemError(error, ENOENT)) throw error;
    // The disk was full when the store was opened, and no longer is.
    mkdirAt(AT_FDCWD, directory, 0o700);
    return open();
  }
}

export function tryUnlink(file: string): boolean {
  try {
    unlinkAt(AT_FDCWD, file);
    return true;
  } catch {
    return false;
  }
}
