import { writeFileSync } from "node:fs";
import { StorageError } from "@copyup/core";

/** Refuses a report's file before minutes of work, not after. Leaves an empty file where there was none. */
export function requireWritable(file: string, op: string): void {
  try {
    writeFileSync(file, "", { flag: "a" });
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    throw new StorageError({
      code: "IO",
      op,
      message: `cannot write the report ${file}: ${errno}`,
      path: file,
      errno,
      hint: "name another file with --out FILE",
    });
  }
}
