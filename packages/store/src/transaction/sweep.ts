import { type LongOptions, removeTree, treeUsage } from "@copyup/archive";
import { isStorageError } from "@copyup/core";
import { AT_FDCWD, isSystemError, listDirectory, tryLstatAt } from "@copyup/linux";
import { tryLock } from "../locks/take-lock.ts";
import { tryUnlink } from "../record/atomic-write.ts";

const LOCK = ".lock";

/** Names in a room that no living process claims. */
export function deadNames(room: string): string[] {
  const names = new Set(listDirectory(room).map((name) => (name.endsWith(LOCK) ? name.slice(0, -LOCK.length) : name)));
  return [...names].filter((name) => {
    const lock = tryLock(`${room}/${name}${LOCK}`, { kind: "shared" });
    if (lock === null || lock === "busy") return false;
    lock.release();
    return true;
  });
}

export interface Swept {
  /** Directories removed. */
  readonly count: number;
  readonly bytes: number;
  /** What could not be removed (a mount inside, say), with the reason. */
  readonly left: readonly { readonly path: string; readonly reason: string }[];
}

/** Removes what dead processes left in a room (staging, trash, scratch). `measure`: count the bytes, which costs a walk. */
export async function sweepRoom(room: string, options: LongOptions & { measure?: boolean } = {}): Promise<Swept> {
  const left: { path: string; reason: string }[] = [];
  let count = 0;
  let bytes = 0;
  for (const name of deadNames(room)) {
    const path = `${room}/${name}`;
    const lock = tryLock(`${path}${LOCK}`, { kind: "exclusive" });
    if (lock === null || lock === "busy") continue;
    try {
      if (tryLstatAt(AT_FDCWD, path) !== null) {
        if (options.measure) bytes += (await treeUsage(path)).bytes;
        await removeTree(path, options);
        count++;
      }
      tryUnlink(`${path}${LOCK}`);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      if (!isSystemError(error) && !isStorageError(error)) throw error;
      left.push({ path, reason: error.message });
    } finally {
      lock.release();
    }
  }
  return { count, bytes, left };
}
