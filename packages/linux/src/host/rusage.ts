import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { pin } from "../ffi/memory.ts";

const RUSAGE_SELF = 0;
const RUSAGE_CHILDREN = -1;
const scratch = pin(144);

function cpuMs(who: number): number {
  check(libc.getrusage(who, scratch.ptr), "getrusage");
  const seconds = (offset: number) =>
    Number(scratch.buffer.readBigInt64LE(offset)) + Number(scratch.buffer.readBigInt64LE(offset + 8)) / 1e6;
  return (seconds(0) + seconds(16)) * 1000;
}

/** User and system time of this process and of the children it has waited for, in ms: what a piece of work really cost. */
export function processTreeCpuMs(): number {
  return cpuMs(RUSAGE_SELF) + cpuMs(RUSAGE_CHILDREN);
}

/** The largest resident set this process has had, in bytes. */
export function ownPeakBytes(): number {
  check(libc.getrusage(RUSAGE_SELF, scratch.ptr), "getrusage");
  return Number(scratch.buffer.readBigInt64LE(32)) * 1024;
}
