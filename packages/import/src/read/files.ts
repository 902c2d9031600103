import {
  AT_FDCWD,
  closeFd,
  cstring,
  ENOENT,
  ENOTDIR,
  namesOf,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_NONBLOCK,
  openUnnoticed,
  readFd,
  readlinkAt,
  SystemError,
  storageErrorFrom,
  tryLstatAt,
  withFd,
} from "@copyup/linux";
import { badNotes, OP } from "./refusals.ts";

/** More than 100,000 layers' notes. */
const LIMIT = 256 * 1024 * 1024;

/** Null where there is no such file. Throws NEEDS_PRIVILEGE, IO, and CORRUPT for what is no text of sensible size. */
export function readText(path: string): string | null {
  const fd = open(path, O_NOFOLLOW | O_NONBLOCK);
  if (fd === null) return null;
  return withFd(fd, () => {
    const parts: Buffer[] = [];
    for (let total = 0; ; ) {
      const part = Buffer.allocUnsafeSlow(64 * 1024);
      const got = told(() => readFd(fd, part));
      if (got === 0) return Buffer.concat(parts).toString("utf8");
      total += got;
      if (total > LIMIT) throw badNotes(path, `more than ${LIMIT} bytes`);
      parts.push(part.subarray(0, got));
    }
  });
}

/** The text without the white space around it; null where it is missing or empty. */
export function readWord(path: string): string | null {
  return readText(path)?.trim() || null;
}

/** Null where there is no such file; what is in it is for the caller to judge. */
export function readJson(path: string): unknown {
  const text = readText(path);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badNotes(path, (error as Error).message);
  }
}

/** Sorted; null where there is no such directory. Names that are not UTF-8 are no engine's. */
export function listNames(path: string): string[] | null {
  const fd = open(path, O_DIRECTORY | O_NOFOLLOW);
  if (fd === null) return null;
  const names = told(() => namesOf(fd));
  closeFd(fd);
  return names.map((name) => Buffer.from(name, "latin1").toString("utf8"));
}

/** Not through a symlink. */
export function isDirectory(path: string): boolean {
  return told(() => tryLstatAt(AT_FDCWD, path))?.type === "directory";
}

/** Null where it is no symlink. */
export function readLink(path: string): string | null {
  if (told(() => tryLstatAt(AT_FDCWD, path))?.type !== "symlink") return null;
  return told(() => readlinkAt(AT_FDCWD, path)).toString("utf8");
}

function open(path: string, flags: number): number | null {
  const fd = openUnnoticed(AT_FDCWD, cstring(path), flags);
  if (fd === -ENOENT || fd === -ENOTDIR) return null;
  if (fd < 0) throw storageErrorFrom(new SystemError("openat", -fd, path), OP);
  return fd;
}

function told<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw storageErrorFrom(error, OP);
  }
}
