import { StorageError } from "@copyup/core";

export const OP = "import";

/** PATH is no such tree: BAD_OPTION saying what was looked for. */
export function notSuchATree(engine: string, path: string, message: string, hint?: string): StorageError {
  return new StorageError({
    code: "BAD_OPTION",
    op: OP,
    path,
    message: `${path} is no ${engine} tree: ${message}`,
    hint,
  });
}

/** The engine's own notes cannot be understood: CORRUPT naming the file. */
export function badNotes(path: string, message: string): StorageError {
  return new StorageError({
    code: "CORRUPT",
    op: OP,
    path,
    message: `${path}: ${message}`,
    hint: "the engine's notes are damaged, or of a version that is not known here",
  });
}
