import os from "node:os";
import { type ErrorCode, StorageError } from "@copyup/core";

const names = new Map<number, string>(Object.entries(os.constants.errno).map(([name, number]) => [number, name]));
// EWOULDBLOCK and EOPNOTSUPP share numbers with the names people know better.
names.set(11, "EAGAIN");
names.set(95, "EOPNOTSUPP");
const unnamed: Record<number, string> = { 15: "ENOTBLK", 117: "EUCLEAN", 61: "ENODATA", 116: "ESTALE", 122: "EDQUOT" };

export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const E2BIG = 7;
export const EBADF = 9;
export const EAGAIN = 11;
export const EACCES = 13;
export const EBUSY = 16;
export const EEXIST = 17;
export const EXDEV = 18;
export const ENODEV = 19;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const ENFILE = 23;
export const EMFILE = 24;
export const ENOTTY = 25;
export const ENOSPC = 28;
export const EROFS = 30;
export const EMLINK = 31;
export const EPIPE = 32;
export const ERANGE = 34;
export const ENAMETOOLONG = 36;
export const ENOSYS = 38;
export const ENOTEMPTY = 39;
export const ELOOP = 40;
export const ENODATA = 61;
export const EOPNOTSUPP = 95;
/** Of a FUSE mount whose daemon is dead, at every access. */
export const ENOTCONN = 107;
export const ESTALE = 116;
export const EDQUOT = 122;

/** `EBUSY` for 16. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? unnamed[errno] ?? `E${errno}`;
}

/** As core's StorageError has one: a driver of another package may bring its own copy of this one. */
const MARK = Symbol.for("@copyup/linux SystemError");

/** A system call that failed. Callers that know what it means turn it into a StorageError. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  readonly syscall: string;
  /** Positive number; `code` is its name. */
  readonly errno: number;
  readonly code: string;
  readonly path: string | undefined;
  /** The kernel's own sentence (a mount context's log), where there is one. */
  readonly kernelMessage: string | undefined;

  constructor(syscall: string, errno: number, path?: string | Uint8Array, kernelMessage?: string) {
    const shown = path === undefined ? undefined : displayPath(path);
    const code = errnoName(errno);
    super(
      `${syscall}${shown === undefined ? "" : ` ${shown}`}: ${kernelMessage ? `${kernelMessage} (${code})` : code}`,
    );
    this.syscall = syscall;
    this.errno = errno;
    this.code = code;
    this.path = shown;
    this.kernelMessage = kernelMessage;
  }

  get [MARK](): true {
    return true;
  }
}

/** Also true for the error of another copy of this package. */
export function isSystemError(error: unknown, errno?: number): error is SystemError {
  if (typeof error !== "object" || error === null || !(MARK in error)) return false;
  return errno === undefined || (error as SystemError).errno === errno;
}

/** For people: what is not printable UTF-8 is shown as \xNN. */
export function displayPath(path: string | Uint8Array): string {
  if (typeof path === "string") return path;
  const text = Buffer.from(path.buffer, path.byteOffset, path.length).toString("utf8");
  if (!text.includes("�") && !/[\u0000-\u001f\u007f]/.test(text)) return text;
  return Array.from(path, (b) =>
    b >= 0x20 && b < 0x7f && b !== 0x5c ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`,
  ).join("");
}

const CODES: Record<number, ErrorCode> = {
  [ENOSPC]: "NO_SPACE",
  [EDQUOT]: "NO_SPACE",
  [EROFS]: "READ_ONLY",
  [EPERM]: "NEEDS_PRIVILEGE",
  [EACCES]: "NEEDS_PRIVILEGE",
};

/** The StorageError for a system call's failure where nothing more is known than what failed. Others pass unchanged. */
export function storageErrorFrom(
  error: unknown,
  op: string,
  more: { layer?: string; driver?: string; hint?: string } = {},
): unknown {
  if (!isSystemError(error)) return error;
  return new StorageError({
    code: CODES[error.errno] ?? "IO",
    op,
    message: error.message,
    path: error.path,
    syscall: error.syscall,
    errno: error.code,
    ...more,
    cause: error,
  });
}

/** Throws a SystemError for a negative result. */
export function check(result: number, syscall: string, path?: string | Uint8Array): number {
  if (result < 0) throw new SystemError(syscall, -result, path);
  return result;
}
