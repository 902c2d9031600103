import { rmdirSync, unlinkSync } from "node:fs";
import path from "node:path";
import { isSystemError } from "@copyup/linux";
import type { Layout } from "../layout.ts";

/**
 * Takes back a store that was made a moment ago, because its driver will not work there: a refusal changes nothing. Removes
 * only what is empty; what is not is somebody's who came at the same time, and stays.
 */
export function unmakeRoot(layout: Layout, made: readonly string[]): void {
  const { layers, staging, trash, scratch, mountRecords, mountPoints } = layout;
  const rooms = [mountPoints, mountRecords, path.dirname(mountRecords), scratch, trash, staging, layers];
  try {
    for (const room of rooms) rmdirSync(room);
    unlinkSync(layout.storeFile);
    for (const directory of made.toReversed()) rmdirSync(directory);
  } catch (error) {
    if (!isSystemError(error) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}
