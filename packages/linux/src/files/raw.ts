/**
 * For the hot loops of the archive package: calls by number, addresses for names, results or minus errno, no exceptions and
 * no objects. Everybody else uses the wrappers.
 */
export { libc } from "../ffi/libc.ts";
export { addressOf, cstring, cstringOfBytes, type PathArgument, type Pinned, pin } from "../ffi/memory.ts";
