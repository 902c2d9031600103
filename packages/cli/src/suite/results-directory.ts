import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { StorageError } from "@copyup/core";
import { nearestExisting } from "@copyup/runtime";

/** Can cells be kept there? Told before the suite begins; the directory is made with its first cell. Throws IO. */
export function requireResultsDirectory(name: string): void {
  const dir = path.resolve(name);
  try {
    const existing = nearestExisting(dir);
    if (!statSync(existing).isDirectory()) throw Object.assign(new Error("no directory"), { code: "ENOTDIR" });
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    throw new StorageError({
      code: "IO",
      op: "conform",
      message: `cannot keep results in ${dir}: ${errno}`,
      path: dir,
      errno,
      hint: "name a directory that you can write, or that can be made, with --results DIR",
    });
  }
}
