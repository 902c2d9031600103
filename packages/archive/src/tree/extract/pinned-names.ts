import { pin } from "@copyup/linux";

const SLOT_BYTES = 4352;
const memory = pin(2 * SLOT_BYTES);

/**
 * Address of a NUL-terminated copy of `bytes[start..end]`, good until the next call for the same slot. Cheaper than a
 * general argument, and a name made from an archive never holds a NUL: the codec refuses it.
 */
export function pinName(bytes: Buffer, start: number, end: number, slot: 0 | 1 = 0): number {
  const at = slot * SLOT_BYTES;
  if (end - start >= SLOT_BYTES) throw new RangeError(`name of ${end - start} bytes`);
  bytes.copy(memory.buffer, at, start, end);
  memory.buffer[at + end - start] = 0;
  return memory.ptr + at;
}
