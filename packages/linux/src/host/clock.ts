import { AT_FDCWD } from "../constants.ts";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { pin } from "../ffi/memory.ts";
import { readWholeFile } from "../files/files.ts";

const CLOCK_REALTIME = 0;
const CLOCK_BOOTTIME = 7;
const scratch = pin(16);

function readClock(clock: number): bigint {
  check(libc.clockGettime(clock, scratch.ptr), "clock_gettime");
  return scratch.buffer.readBigInt64LE(0) * 1_000_000_000n + scratch.buffer.readBigInt64LE(8);
}

/**
 * Real-time clock minus boot-time clock, ns. Both run at the same, adjusted rate and through suspend, so the difference
 * moves only when somebody sets the clock (or a leap second is inserted). The two cannot be read at one instant: of several
 * readings the one taken in the shortest time counts, good to a few microseconds.
 */
export function clockOffsetNs(): bigint {
  let offset = 0n;
  let shortest: bigint | null = null;
  for (let i = 0; i < 16; i++) {
    const before = readClock(CLOCK_BOOTTIME);
    const real = readClock(CLOCK_REALTIME);
    const after = readClock(CLOCK_BOOTTIME);
    if (shortest !== null && after - before >= shortest) continue;
    shortest = after - before;
    offset = real - (before + after) / 2n;
  }
  return offset;
}

/** Changes with each boot. */
export function bootId(): string {
  return readWholeFile(AT_FDCWD, "/proc/sys/kernel/random/boot_id").toString().trim();
}
