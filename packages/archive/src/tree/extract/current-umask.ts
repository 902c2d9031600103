import { readFileSync } from "node:fs";

/**
 * What the kernel takes from the modes of new files. It is not set to 0 while we work, as tar does: it is the whole process's,
 * and files that other code makes meanwhile (in libuv's threads) would be open to all. For the same reason it is read where
 * that changes nothing; umask(2) can only be asked by setting it.
 */
export function currentUmask(): number {
  const line = /^Umask:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/status", "utf8"));
  return line === null ? process.umask() : Number.parseInt(line[1]!, 8);
}
