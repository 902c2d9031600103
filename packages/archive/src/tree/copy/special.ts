import {
  cstring,
  cstringOfBytes,
  ENOENT,
  EPERM,
  libc,
  makeDev,
  readlinkAt,
  S_IFBLK,
  S_IFCHR,
  S_IFLNK,
  S_IFMT,
  S_IFSOCK,
  SystemError,
} from "@copyup/linux";
import { callFailed, checked } from "../failure.ts";
import type { Lost } from "../lost.ts";
import { type ViewEntry, xattrPath } from "../view/index.ts";
import { type Attributes, dropInheritedAcls, UNKNOWN } from "./attributes.ts";
import type { TargetDirectory } from "./target-directory.ts";

export interface SpecialCopy {
  readonly entry: ViewEntry;
  readonly target: TargetDirectory;
  readonly path: string;
  readonly op: string;
  readonly lost: Lost;
  readonly attributes: Attributes;
}

/** Copies what is neither a directory nor a regular file. False where it vanished or could not be stored (and was counted). */
export function makeSpecial({ entry, target, path, op, lost, attributes }: SpecialCopy): boolean {
  const { stat, name } = entry;
  const type = stat.mode & S_IFMT;
  if (type === S_IFLNK) {
    const text = linkText(entry, op, path);
    if (text === null) return false;
    checked(libc.symlinkat(cstring(text), target.fd, cstringOfBytes(name)), "symlinkat", op, path);
  } else {
    const device = type === S_IFCHR || type === S_IFBLK ? makeDev(stat.rdevMajor, stat.rdevMinor) : 0;
    const result = libc.mknodat(target.fd, cstringOfBytes(name), type | 0o600, device);
    if (result === -EPERM) {
      const kind = type === S_IFSOCK ? "socket" : "device";
      lost.record(kind, path, `a file of type ${stat.type}`, "mknodat", EPERM);
      return false;
    }
    checked(result, "mknodat", op, path);
    if (target.inherits) dropInheritedAcls(xattrPath(target.fd, name));
  }
  attributes.setNamed(target.fd, name, stat, xattrPath(entry.dirfd, name), entry.dialect, path, UNKNOWN);
  return true;
}

function linkText(entry: ViewEntry, op: string, path: string): Buffer | null {
  try {
    return readlinkAt(entry.dirfd, Buffer.from(entry.name, "latin1"));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (error.errno === ENOENT) return null;
    throw callFailed(-error.errno, error.syscall, op, path);
  }
}
