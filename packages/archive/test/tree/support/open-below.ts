import { readdirSync, readlinkSync } from "node:fs";

/** Descriptors of this process that lie below a directory. Counting all of them would count the test runner's too. */
export function openBelow(directory: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(directory) ? [target] : [];
    } catch {
      // The one that listed them.
      return [];
    }
  });
}
