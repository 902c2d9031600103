import { fsync } from "node:fs";
import { promisify } from "node:util";
import { AT_FDCWD, libc, O_DIRECTORY, O_RDONLY, openAt } from "@copyup/linux";

/**
 * fsync(2) in a thread of libuv's pool: on a busy disk it waits for a whole journal transaction, which may be seconds, and
 * meanwhile nobody could abort anything. One file a verb; by descriptor, so the thread's mount namespace does not matter.
 */
export const syncFile: (fd: number) => Promise<void> = promisify(fsync);

/** Makes a new name, or a rename, in that directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const fd = openAt(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY);
  try {
    await syncFile(fd);
  } finally {
    libc.close(fd);
  }
}
