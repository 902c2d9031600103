import { StorageError } from "@copyup/core";
import type { TarEntry } from "./entry.ts";
import { octalLimit } from "./number-fields.ts";
import { ID_LENGTH } from "./ustar-layout.ts";

const DEVICE_LIMIT = octalLimit(ID_LENGTH);

/** Throws NOT_REPRESENTABLE for an entry that no filesystem has and no tar can say. */
export function checkRepresentable(entry: TarEntry): void {
  const { mode, uid, gid, size, mtimeSec, mtimeNsec, devMajor, devMinor } = entry;
  if (hasNul(entry.path) || hasNul(entry.linkPath)) throw notRepresentable(entry, "a NUL in its path or link");
  const good =
    within(mode, 0o7777) &&
    within(uid, Number.MAX_SAFE_INTEGER) &&
    within(gid, Number.MAX_SAFE_INTEGER) &&
    within(size, Number.MAX_SAFE_INTEGER) &&
    Number.isSafeInteger(mtimeSec) &&
    within(mtimeNsec, 999_999_999) &&
    within(devMajor, DEVICE_LIMIT) &&
    within(devMinor, DEVICE_LIMIT);
  if (!good) throw notRepresentable(entry, "a number out of range");
  if (size > 0 && entry.type !== "file") throw notRepresentable(entry, `a size for a ${entry.type}`);
}

function within(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= limit;
}

/** Paths are short: a native call costs more than this loop. */
function hasNul(path: Buffer): boolean {
  for (let i = 0; i < path.length; i++) {
    if (path[i] === 0) return true;
  }
  return false;
}

export function notRepresentable(entry: TarEntry, what: string): StorageError {
  const path = entry.path.toString("utf8");
  const message = `${JSON.stringify(path)} has ${what}`;
  return new StorageError({ code: "NOT_REPRESENTABLE", op: "diff", message, path });
}
