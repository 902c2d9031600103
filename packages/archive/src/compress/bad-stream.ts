import { StorageError } from "@copyup/core";

export function badStream(message: string, hint?: string, cause?: unknown): StorageError {
  return new StorageError({ code: "BAD_ARCHIVE", op: "apply", message, hint, cause });
}

export function aborted(signal: AbortSignal): StorageError {
  return new StorageError({
    code: "ABORTED",
    op: "apply",
    message: "aborted while reading the archive",
    cause: signal.reason,
  });
}
