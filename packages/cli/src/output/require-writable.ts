import { closeSync, openSync, unlinkSync } from "node:fs";
import { StorageError } from "@copyup/core";

/** Refuses a report's file before minutes of work, not after. Leaves nothing: what comes after may be refused, too. */
export function requireWritable(file: string, op: string): void {
  try {
    closeSync(openNew(file) ?? openSync(file, "a"));
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    throw new StorageError({
      code: "IO",
      op,
      message: `cannot write the report ${file}: ${errno}`,
      path: file,
      errno,
      hint: "name a file in a directory that exists and that you can write",
    });
  }
}

/** Null where there is something of that name; what was made to try is gone again. */
function openNew(file: string): number | null {
  try {
    const fd = openSync(file, "wx");
    unlinkSync(file);
    return fd;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  }
}
