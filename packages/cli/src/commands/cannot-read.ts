import { StorageError } from "@copyup/core";

export function cannotRead(op: string, file: string, errno: string | undefined): StorageError {
  return new StorageError({ code: "IO", op, message: `cannot read ${file}: ${errno}`, path: file, errno });
}
