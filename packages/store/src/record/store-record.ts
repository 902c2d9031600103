import { StorageError } from "@copyup/core";
import type { IdMaps, IdRange } from "@copyup/linux";
import { layoutOf } from "../layout.ts";
import { isObject } from "./parse-layer-record.ts";
import { readText } from "./read-text.ts";

/** The format of the store's directories this program knows. */
export const STORE_FORMAT = 1;

export interface StoreInfo {
  /** Name of the driver all layers of the store belong to. */
  readonly driver: string;
  /** The maps of the user namespace the store was made in; null if it was the initial one. Its files' owners are ids of these. */
  readonly ids: IdMaps | null;
}

/** What store.json says; null where `root` holds no store. Throws STORE_FORMAT for a newer store's, CORRUPT for garbage. */
export function readStoreInfo(root: string): StoreInfo | null {
  const file = layoutOf(root).storeFile;
  const text = textOf(file, root);
  if (text === null) return null;
  const value = parse(text);
  if (!isObject(value) || typeof value.driver !== "string" || typeof value.format !== "number") {
    throw new StorageError({
      code: "CORRUPT",
      op: "open",
      path: file,
      message: `${file} is not a store's record`,
      hint: `write it again: {"format": ${STORE_FORMAT}, "driver": "NAME"}; each layer's own record names the driver too`,
    });
  }
  if (value.format !== STORE_FORMAT) {
    throw new StorageError({
      code: "STORE_FORMAT",
      op: "open",
      path: file,
      message: `the store at ${root} has format ${value.format}; this program knows ${STORE_FORMAT}`,
      hint: "use the copyup that wrote it, or a newer one",
    });
  }
  return { driver: value.driver, ids: parseIds(value.ids) };
}

export function formatStoreInfo(info: StoreInfo): string {
  const { driver, ids } = info;
  return `${JSON.stringify({ format: STORE_FORMAT, driver, ...(ids === null ? {} : { ids }) }, null, 2)}\n`;
}

/** Null too for what is no pair of maps: then nothing is known, as of a store that an older copyup made. */
function parseIds(value: unknown): IdMaps | null {
  if (!isObject(value) || !isMap(value.uids) || !isMap(value.gids)) return null;
  return { uids: value.uids, gids: value.gids };
}

function isMap(value: unknown): value is readonly IdRange[] {
  const isRange = (range: unknown) =>
    isObject(range) && [range.inside, range.outside, range.count].every((id) => Number.isSafeInteger(id));
  return Array.isArray(value) && value.length > 0 && value.every(isRange);
}

/** A store's root is closed to others (0700). */
function textOf(file: string, root: string): string | null {
  try {
    return readText(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    throw new StorageError({
      code: "NEEDS_PRIVILEGE",
      op: "open",
      path: root,
      message: `the store at ${root} is closed to this user: ${file}: ${code}`,
      hint: "the store is another user's: use it as that user (`copyup unshare` if it was made so), or name one of your own with --root",
      errno: code,
      cause: error,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
