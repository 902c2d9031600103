import { join } from "node:path";
import { isDirectory, listNames, readLink, readWord } from "../../read/files.ts";
import { isLayerName } from "../../read/names.ts";

/** A directory of a driver that names its lowers by short links (Docker's overlay2, containers-storage's overlay). */
export interface OverlayDirectory {
  readonly id: string;
  readonly dir: string;
  /** Nearest first; null stands for one that cannot be found. */
  readonly lowers: readonly (string | null)[];
  /** As they stand in `lower`. */
  readonly written: readonly string[];
  /** Why it cannot be read, null if it can. */
  readonly fault: string | null;
}

/** Is it the directory of such a driver? */
export function isOverlayHome(home: string): boolean {
  if (!isDirectory(home)) return false;
  if (isDirectory(join(home, "l"))) return true;
  // aufs/diff is a directory `diff` in a directory too.
  return layerIds(home).some((id) => isDirectory(join(home, id, "diff")) && readWord(join(home, id, "link")) !== null);
}

/** `l/<26 letters> -> ../<id>/diff`, and the same letters in `<id>/link`: either will do. */
export function readOverlayHome(home: string): OverlayDirectory[] {
  const ids = layerIds(home);
  const byLink = new Map<string, string>();
  for (const id of ids) {
    const link = readWord(join(home, id, "link"));
    if (link !== null) byLink.set(link, id);
  }
  return ids.map((id) => {
    const written = (readWord(join(home, id, "lower")) ?? "").split(":").filter((part) => part !== "");
    const lowers = written.map((lower) => resolve(home, lower, byLink));
    return { id, dir: join(home, id, "diff"), lowers, written, fault: faultOf(home, id) };
  });
}

function layerIds(home: string): string[] {
  const names = listNames(home) ?? [];
  return names.filter((name) => name !== "l" && isLayerName(name) && isDirectory(join(home, name)));
}

function resolve(home: string, lower: string, byLink: ReadonlyMap<string, string>): string | null {
  const short = /^l\/([A-Z0-9]+)$/.exec(lower)?.[1];
  if (short === undefined) return null;
  const target = byLink.get(short) ?? /^\.\.\/([^/]+)\/diff$/.exec(readLink(join(home, "l", short)) ?? "")?.[1];
  return target !== undefined && isLayerName(target) && isDirectory(join(home, target)) ? target : null;
}

function faultOf(home: string, id: string): string | null {
  if (!isDirectory(join(home, id, "diff"))) return `${join(home, id, "diff")} is missing`;
  // containers-storage can put further read-only directories below `diff`, and keep content in composefs' blobs.
  for (const unknown of ["diff1", "composefs-data"]) {
    if (isDirectory(join(home, id, unknown))) return `${join(home, id, unknown)}: a layout that is not known here`;
  }
  return null;
}
