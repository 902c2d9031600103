import { readlinkAt, type XattrTarget } from "@copyup/linux";
import type { TarEntry } from "../../codec/index.ts";
import type { Difference } from "../diff/difference.ts";
import { pathError } from "../failure.ts";
import { pathWithinLimits } from "../path-limit.ts";
import { layerXattrs, WHITEOUT_PREFIX, xattrPath } from "../view/index.ts";

const NOTHING = Buffer.alloc(0);

/** The entry that says that a name is gone (layers.md rule 2). */
export function whiteoutEntry(path: string, op: string): TarEntry {
  checkName(path, op);
  const slash = path.lastIndexOf("/") + 1;
  const marker = `${path.slice(0, slash)}${WHITEOUT_PREFIX}${path.slice(slash)}`;
  pathWithinLimits(marker, op);
  return { ...blank(marker), mode: 0o644 };
}

/** One more name of a file told before. */
export function linkEntry({ path, stat, linkTo }: Difference, op: string): TarEntry {
  checkName(path, op);
  const entry = blank(path);
  entry.type = "hardlink";
  entry.mode = stat.permissions;
  entry.uid = stat.uid;
  entry.gid = stat.gid;
  entry.mtimeSec = stat.mtimeSec;
  entry.mtimeNsec = stat.mtimeNsec;
  entry.linkPath = Buffer.from(linkTo ?? "", "latin1");
  return entry;
}

/** `fd`: of a file or directory, open for reading; others are reached by their name. Throws SystemError too. */
export function layerEntry(difference: Difference, fd: number, op: string): TarEntry {
  const { path, type, stat, dialect, entry: source } = difference;
  if (type === "socket") throw new TypeError("sockets are not archived");
  checkName(path, op);
  if (type === "char" && stat.rdevMajor === 0 && stat.rdevMinor === 0) throw isWhiteout(path, op);
  const target: XattrTarget = fd >= 0 ? fd : xattrPath(source!.dirfd, source!.name);
  const entry = blank(path);
  entry.type = type;
  entry.mode = type === "symlink" ? 0o777 : stat.permissions;
  entry.uid = stat.uid;
  entry.gid = stat.gid;
  entry.size = type === "file" ? stat.size : 0;
  entry.mtimeSec = stat.mtimeSec;
  entry.mtimeNsec = stat.mtimeNsec;
  if (type === "symlink") entry.linkPath = readlinkAt(source!.dirfd, Buffer.from(source!.name, "latin1"));
  if (type === "char" || type === "block") {
    entry.devMajor = stat.rdevMajor;
    entry.devMinor = stat.rdevMinor;
  }
  entry.xattrs = layerXattrs(target, dialect, op, path) as TarEntry["xattrs"];
  return entry;
}

function blank(path: string): TarEntry {
  return {
    path: Buffer.from(path, "latin1"),
    type: "file",
    mode: 0,
    uid: 0,
    gid: 0,
    size: 0,
    mtimeSec: 0,
    mtimeNsec: 0,
    linkPath: NOTHING,
    devMajor: 0,
    devMinor: 0,
    xattrs: [],
  };
}

function checkName(path: string, op: string): void {
  if (!path.startsWith(WHITEOUT_PREFIX, path.lastIndexOf("/") + 1)) return;
  const hint = "in a layer archive such a name says that another one is deleted: rename or remove the file";
  throw pathError("NOT_REPRESENTABLE", op, path, `its name begins with ${WHITEOUT_PREFIX}`, hint);
}

function isWhiteout(path: string, op: string): Error {
  const hint = "union filesystems take such a device for a deleted file: remove it";
  return pathError("NOT_REPRESENTABLE", op, path, "a character device 0:0 cannot be in a layer", hint);
}
