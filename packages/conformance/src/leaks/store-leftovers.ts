import { readdirSync } from "node:fs";

/** Where a store keeps what is only there while something is under way. */
const TRANSIENT = ["staging", "trash", "run/mounts", "run/mnt"];

/** Names found there, relative to the store's root, after it was closed. */
export function storeLeftovers(root: string): string[] {
  return TRANSIENT.flatMap((directory) => namesIn(`${root}/${directory}`).map((name) => `${directory}/${name}`));
}

/** Empty for a directory that does not exist. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
