import { readdirSync, readFileSync } from "node:fs";

/** Processes that serve a mount (FUSE): those that were started with its path as an argument. */
export function daemonsOf(target: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(target))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // Ended since it was listed.
    return [];
  }
}
