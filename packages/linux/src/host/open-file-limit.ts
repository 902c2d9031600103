import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { pin } from "../ffi/memory.ts";

const RLIMIT_NOFILE = 7;
const before = pin(16);
const next = pin(16);

/**
 * Sets how many descriptors this process may hold (the soft limit), for tests that want EMFILE; gives what it was. Node raises
 * it to the hard limit at its start.
 */
export function setOpenFileLimit(limit: number): number {
  check(libc.prlimit(0, RLIMIT_NOFILE, 0, before.ptr), "prlimit");
  next.buffer.writeBigUInt64LE(BigInt(limit), 0);
  before.buffer.copy(next.buffer, 8, 8, 16);
  check(libc.prlimit(0, RLIMIT_NOFILE, next.ptr, 0), "prlimit");
  return Number(before.buffer.readBigUInt64LE(0));
}
