import { readFileSync } from "node:fs";
import {
  AT_FDCWD,
  closeFd,
  getXattr,
  listXattrs,
  lstatAt,
  namesOf,
  openDirectoryAt,
  readlinkAt,
  type Stat,
} from "@copyup/linux";

/** All that a layer keeps of one path. */
export interface Shown {
  type: string;
  mode: string;
  owner: string;
  /** Seconds and nine digits. */
  mtime: string;
  data?: string;
  link?: string;
  dev?: string;
  xattrs?: Record<string, string>;
  /** Other names of the same file. */
  same?: string[];
}

/** A directory as a program sees it, mounted or not. Paths are latin1, the root is `.`. */
export function snapshot(dir: string): Record<string, Shown> {
  const found: Record<string, Shown> = {};
  const groups = new Map<string, string[]>();
  const visit = (path: string) => {
    const full = Buffer.from(`${dir}/${path}`, "latin1");
    const stat = lstatAt(AT_FDCWD, full);
    found[path] = describe(full, stat);
    if (stat.type === "directory") {
      const fd = openDirectoryAt(AT_FDCWD, full);
      const names = namesOf(fd);
      closeFd(fd);
      for (const name of names) visit(path === "." ? name : `${path}/${name}`);
    } else if (stat.nlink > 1) {
      groups.set(stat.key, [...(groups.get(stat.key) ?? []), path]);
    }
  };
  visit(".");
  for (const paths of groups.values()) {
    for (const path of paths) if (paths.length > 1) found[path]!.same = paths.filter((other) => other !== path);
  }
  return found;
}

function describe(full: Buffer, stat: Stat): Shown {
  const shown: Shown = {
    type: stat.type,
    mode: stat.permissions.toString(8),
    owner: `${stat.uid}:${stat.gid}`,
    mtime: `${stat.mtimeSec}.${String(stat.mtimeNsec).padStart(9, "0")}`,
  };
  if (stat.type === "file") shown.data = contentOf(full, stat.size);
  if (stat.type === "symlink") shown.link = readlinkAt(AT_FDCWD, full).toString("latin1");
  if (stat.type === "char" || stat.type === "block") shown.dev = `${stat.rdevMajor}:${stat.rdevMinor}`;
  const names = listXattrs(full).filter((name) => name !== "security.selinux");
  if (names.length > 0) {
    shown.xattrs = Object.fromEntries(names.map((name) => [name, getXattr(full, name)!.toString("latin1")]));
  }
  return shown;
}

function contentOf(full: Buffer, size: number): string {
  const bytes = readFileSync(full);
  if (bytes.length !== size) throw new Error(`${full}: ${bytes.length} of ${size} bytes`);
  return bytes.toString("latin1");
}
