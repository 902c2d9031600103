import path from "node:path";
import {
  AT_FDCWD,
  ENOENT,
  isSystemError,
  libc,
  mkdirAt,
  O_CREAT,
  O_EXCL,
  O_WRONLY,
  openAt,
  RENAME_NOREPLACE,
  renameAt,
  unlinkAt,
  writeText,
} from "@copyup/linux";
import { syncDirectory, syncFile } from "./sync-file.ts";

export interface AtomicWrite {
  /** A directory on the same filesystem that is ours alone, and swept should this process be killed. */
  readonly scratch: string;
  /** Fail with EEXIST rather than replace. */
  readonly fresh?: boolean;
}

let written = 0;

/** Readers see the old content or the new one, whole, whenever this process is killed. A power loss may lose either. */
export function writeAtomically(file: string, text: string, options: AtomicWrite): void {
  const { fd, temporary } = begin(text, options);
  libc.close(fd);
  rename(temporary, file, options);
}

/** The same, and once it resolves the new content and its name survive a power loss. */
export async function writeDurably(file: string, text: string, options: AtomicWrite): Promise<void> {
  const { fd, temporary } = begin(text, options);
  try {
    await syncFile(fd);
  } catch (error) {
    tryUnlink(temporary);
    throw error;
  } finally {
    libc.close(fd);
  }
  rename(temporary, file, options);
  await syncDirectory(path.dirname(file));
}

/** The open temporary file with the text in it. */
function begin(text: string, { scratch }: AtomicWrite): { fd: number; temporary: string } {
  const temporary = `${scratch}/write-${++written}`;
  const fd = openNew(temporary, scratch);
  try {
    writeText(fd, text);
    return { fd, temporary };
  } catch (error) {
    libc.close(fd);
    tryUnlink(temporary);
    throw error;
  }
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

function rename(temporary: string, file: string, { fresh }: AtomicWrite): void {
  try {
    renameAt(AT_FDCWD, temporary, AT_FDCWD, file, fresh ? RENAME_NOREPLACE : 0);
  } catch (error) {
    tryUnlink(temporary);
    throw error;
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
