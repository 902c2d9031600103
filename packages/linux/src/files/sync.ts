import { AT_FDCWD, O_DIRECTORY, O_RDONLY } from "../constants.ts";
import { check, EIO } from "../errors.ts";
import { background, libc } from "../ffi/libc.ts";
import type { PathArgument } from "../ffi/memory.ts";
import { openAt } from "./files.ts";

/**
 * syncfs(2) of the filesystem a path is on, in a thread of the pool: with gigabytes of dirty pages it takes many seconds,
 * and nobody could abort meanwhile. An aborted wait rejects with the signal's reason; the sync itself goes on.
 * Since 5.8 the kernel reports write-back errors here; which one is lost between the threads, so it is called EIO.
 */
export async function syncFilesystem(path: PathArgument, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const fd = openAt(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  const synced = new Promise<number>((resolve, reject) => {
    background.syncfs(fd, (error, result) => {
      libc.close(fd);
      if (error) reject(error);
      else resolve(result);
    });
  });
  if ((await abortable(synced, signal)) < 0) check(-EIO, "syncfs", path);
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
