import { chmodFd, chownFd, setMtimeFd } from "./files.ts";
import { fstat } from "./statx.ts";
import { getXattr, listXattrs, removeXattr, setXattr } from "./xattr.ts";

/**
 * Gives a directory the owner, mode, mtime and xattrs of another one, both open for reading. Only xattrs that `mine` takes
 * are copied, and removed where the source has none: a fresh directory may have inherited a default ACL. Throws SystemError.
 */
export function copyDirectoryAttributes(from: number, to: number, mine: (name: string) => boolean): void {
  const [wanted, before] = [fstat(from), fstat(to)];
  // An ordinary user may not even chown to what it is.
  if (wanted.uid !== before.uid || wanted.gid !== before.gid) chownFd(to, wanted.uid, wanted.gid);
  const names = listXattrs(from).filter(mine);
  for (const name of listXattrs(to))
    if (mine(name) && !names.includes(name)) removeXattr(to, Buffer.from(name, "latin1"));
  chmodFd(to, wanted.permissions);
  for (const name of names) {
    const bytes = Buffer.from(name, "latin1");
    const value = getXattr(from, bytes);
    if (value !== null) setXattr(to, bytes, value);
  }
  setMtimeFd(to, wanted.mtimeSec, wanted.mtimeNsec);
}
