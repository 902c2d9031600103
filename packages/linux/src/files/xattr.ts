import { check, ENODATA, EOPNOTSUPP, ERANGE, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, type PathArgument, pin } from "../ffi/memory.ts";

/** XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel. */
const MAX = 64 * 1024;
const list = pin(MAX);
const value = pin(MAX);

/** An open file or directory (not O_PATH), or a path whose last component is not followed. */
export type XattrTarget = number | PathArgument;

function shown(target: XattrTarget): PathArgument | undefined {
  return typeof target === "number" ? undefined : target;
}

/** Names as latin1 strings in byte order; empty where the filesystem has none. */
export function listXattrs(target: XattrTarget): string[] {
  const got =
    typeof target === "number"
      ? libc.flistxattr(target, list.ptr, MAX)
      : libc.llistxattr(cstring(target), list.ptr, MAX);
  if (got === -EOPNOTSUPP || got === 0) return [];
  check(got, "listxattr", shown(target));
  return list.buffer
    .toString("latin1", 0, got - 1)
    .split("\0")
    .sort();
}

/** Null where the file has no such attribute. */
export function getXattr(target: XattrTarget, name: PathArgument): Buffer | null {
  const got =
    typeof target === "number"
      ? libc.fgetxattr(target, cstring(name), value.ptr, MAX)
      : libc.lgetxattr(cstring(target), cstring(name), value.ptr, MAX);
  if (got === -ENODATA || got === -EOPNOTSUPP) return null;
  check(got, "getxattr", shown(target));
  return Buffer.from(value.buffer.subarray(0, got));
}

export function setXattr(target: XattrTarget, name: PathArgument, data: Uint8Array | string, flags = 0): void {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  if (bytes.length > MAX) throw new SystemError("setxattr", ERANGE, shown(target));
  value.buffer.set(bytes);
  const result =
    typeof target === "number"
      ? libc.fsetxattr(target, cstring(name), value.ptr, bytes.length, flags)
      : libc.lsetxattr(cstring(target), cstring(name), value.ptr, bytes.length, flags);
  check(result, `setxattr ${typeof name === "string" ? name : Buffer.from(name).toString()}`, shown(target));
}

/** False where there was none. */
export function removeXattr(target: XattrTarget, name: PathArgument): boolean {
  const result =
    typeof target === "number"
      ? libc.fremovexattr(target, cstring(name))
      : libc.lremovexattr(cstring(target), cstring(name));
  if (result === -ENODATA || result === -EOPNOTSUPP) return false;
  check(result, "removexattr", shown(target));
  return true;
}
