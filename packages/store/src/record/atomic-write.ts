import { randomBytes } from "node:crypto";
import path from "node:path";
import {
  AT_FDCWD,
  fsyncDirectory,
  fsyncFd,
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
  /** A directory on the same filesystem that is swept should this process be killed. */
  readonly scratch: string;
  /** Make the new content and its name survive a power loss. Otherwise only readers and kill -9 are considered. */
  readonly durable: boolean;
  /** Fail with EEXIST rather than replace. */
  readonly fresh?: boolean;
}

const RENAME_NOREPLACE = 1;

/** Readers see the old content or the new one, whole, whenever this process is killed. */
export function writeAtomically(file: string, text: string, options: AtomicWrite): void {
  const temporary = `${options.scratch}/${randomBytes(6).toString("hex")}`;
  const bytes = Buffer.from(text);
  try {
    withFd(openAt(AT_FDCWD, temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600), (fd) => {
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

export function tryUnlink(file: string): boolean {
  try {
    unlinkAt(AT_FDCWD, file);
    return true;
  } catch {
    return false;
  }
}
