import { type ErrorCode, StorageError } from "@copyup/core";
import { displayPath, SystemError, storageErrorFrom } from "@copyup/linux";

/** A path of a view as people read it; the walks keep paths as latin1 strings, one character a byte. */
export function shownPath(path: string): string {
  return path === "" ? "." : displayPath(Buffer.from(path, "latin1"));
}

/** The path of `name` in the directory `parent`, both latin1. */
export function joinPath(parent: string, name: string): string {
  return parent === "" ? name : `${parent}/${name}`;
}

/** The StorageError for a system call that answered `-result` about a path of a view. */
export function callFailed(result: number, syscall: string, op: string, path: string): unknown {
  return storageErrorFrom(new SystemError(syscall, -result, Buffer.from(path === "" ? "." : path, "latin1")), op);
}

/** `result`, or the error it stands for. */
export function checked(result: number, syscall: string, op: string, path: string): number {
  if (result < 0) throw callFailed(result, syscall, op, path);
  return result;
}

/** An error about one path of a view; the message begins with the path. */
export function pathError(code: ErrorCode, op: string, path: string, message: string, hint?: string): StorageError {
  const shown = shownPath(path);
  return new StorageError({ code, op, message: `${shown}: ${message}`, path: shown, hint });
}
