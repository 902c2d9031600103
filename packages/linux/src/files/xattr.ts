import { check, ENODATA, EOPNOTSUPP, ERANGE, SystemError } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring, type PathArgument, pin } from "../ffi/memory.ts";

/** XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel. */
const MAX = 64 * 1024;
/**
 * What is asked for first, enough for nearly every file. The kernel allocates as much as it is asked for at every call, and for a
 * value it clears it too: 64 KiB took 1 to 3 µs, more than all the rest of the call (6.18).
 */
const USUAL = 1024;
const list = pin(MAX);
const value = pin(MAX);

/** An open file or directory (not O_PATH), or a path whose last component is not followed. */
export type XattrTarget = number | PathArgument;

function shown(target: XattrTarget): PathArgument | undefined {
  return typeof target === "number" ? undefined : target;
}

/** Names as latin1 strings in byte order; empty where the filesystem has none. */
export function listXattrs(target: XattrTarget): string[] {
  let got = rawList(target, USUAL);
  if (got === -ERANGE) got = rawList(target, MAX);
  if (got === -EOPNOTSUPP || got === 0) return [];
  check(got, "listxattr", shown(target));
  return list.buffer
    .toString("latin1", 0, got - 1)
    .split("\0")
    .sort();
}

function rawList(target: XattrTarget, size: number): number {
  return typeof target === "number"
    ? libc.flistxattr(target, list.ptr, size)
    : libc.llistxattr(cstring(target), list.ptr, size);
}

/** Null where the file has no such attribute. */
export function getXattr(target: XattrTarget, name: PathArgument): Buffer | null {
  let got = rawGet(target, name, USUAL);
  if (got === -ERANGE) got = rawGet(target, name, MAX);
  if (got === -ENODATA || got === -EOPNOTSUPP) return null;
  check(got, "getxattr", shown(target));
  return Buffer.from(value.buffer.subarray(0, got));
}

function rawGet(target: XattrTarget, name: PathArgument, size: number): number {
  return typeof target === "number"
    ? libc.fgetxattr(target, cstring(name), value.ptr, size)
    : libc.lgetxattr(cstring(target), cstring(name), value.ptr, size);
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
