import { AT_FDCWD, ENOENT, ENOTDIR, isSystemError, O_RDONLY, openAt, pin, readFd, withFd } from "@copyup/linux";

/** A record is a few hundred bytes; labels are what can make it long. */
const LIMIT_BYTES = 4 * 1024 * 1024;
const first = pin(64 * 1024);

/** Reads a small file as UTF-8; null where there is none. */
export function readText(path: string): string | null {
  let fd: number;
  try {
    fd = openAt(AT_FDCWD, path, O_RDONLY);
  } catch (error) {
    if (isSystemError(error, ENOENT) || isSystemError(error, ENOTDIR)) return null;
    throw error;
  }
  return withFd(fd, (open) => {
    const got = readFd(open, first.buffer);
    if (got < first.buffer.length) return first.buffer.toString("utf8", 0, got);
    return readRest(open, path);
  });
}

function readRest(fd: number, path: string): string {
  const parts = [Buffer.from(first.buffer)];
  for (let total = first.buffer.length; ; ) {
    const got = readFd(fd, first.buffer);
    if (got === 0) return Buffer.concat(parts).toString("utf8");
    total += got;
    if (total > LIMIT_BYTES) throw new RangeError(`${path} is longer than ${LIMIT_BYTES} bytes`);
    parts.push(Buffer.from(first.buffer.subarray(0, got)));
  }
}
