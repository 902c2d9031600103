import { getXattr, listXattrs, type XattrTarget } from "@copyup/linux";
import type { ReadDialect } from "../contract.ts";
import { refuseForeignMarks } from "./level.ts";
import { leftOutOfLayers, shownXattrName } from "./marks.ts";

export interface ShownXattr {
  readonly name: Buffer;
  readonly value: Buffer;
}

const NONE: readonly ShownXattr[] = [];

/** How to name a file's xattrs to the kernel without following a symlink at its end: fd for open files, else this. */
export function xattrPath(dirfd: number, name: string): Buffer {
  return Buffer.from(`/proc/self/fd/${dirfd}/${name}`, "latin1");
}

/** Names as a mount of the view shows them, with those they are stored under; sorted by the shown name's bytes. */
export function shownXattrNames(
  target: XattrTarget,
  dialect: ReadDialect,
  op: string,
  path: string,
): [string, string][] {
  const stored = listXattrs(target);
  if (stored.length === 0) return [];
  refuseForeignMarks(stored, dialect, op, path);
  const shown: [string, string][] = [];
  for (const name of stored) {
    const visible = shownXattrName(dialect, name);
    if (visible !== null) shown.push([visible, name]);
  }
  return shown.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** What a layer archive holds of a file's xattrs, sorted by name. */
export function layerXattrs(
  target: XattrTarget,
  dialect: ReadDialect,
  op: string,
  path: string,
): readonly ShownXattr[] {
  const names = shownXattrNames(target, dialect, op, path);
  if (names.length === 0) return NONE;
  const found: ShownXattr[] = [];
  for (const [shown, stored] of names) {
    if (leftOutOfLayers(shown)) continue;
    const value = getXattr(target, Buffer.from(stored, "latin1"));
    // Removed since it was listed.
    if (value !== null) found.push({ name: Buffer.from(shown, "latin1"), value });
  }
  return found;
}
