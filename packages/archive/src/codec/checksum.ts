import { readNumber } from "./number-fields.ts";
import { BLOCK, CHECKSUM, CHECKSUM_LENGTH } from "./ustar-layout.ts";

const SPACE = 0x20;
const LOW_BYTES = 0x00ff_00ff;

/** The memory block that was last summed, as words: chunks are large and making a view costs more than a sum. */
let words: Int32Array = new Int32Array(0);

/** Sum of the block's bytes as unsigned numbers, its checksum field taken as spaces. */
export function checksum(block: Buffer, at: number): number {
  let sum = CHECKSUM_LENGTH * SPACE + sumBytes(block, at);
  for (let i = at + CHECKSUM; i < at + CHECKSUM + CHECKSUM_LENGTH; i++) sum -= block[i]!;
  return sum;
}

export function hasValidChecksum(block: Buffer, at: number): boolean {
  const stored = readNumber(block, at + CHECKSUM, CHECKSUM_LENGTH);
  return stored === checksum(block, at) || stored === signedChecksum(block, at);
}

/** The same with signed bytes, as some tars of the eighties (and SunOS) summed. */
function signedChecksum(block: Buffer, at: number): number {
  let sum = CHECKSUM_LENGTH * SPACE;
  for (let i = at; i < at + BLOCK; i++) {
    if (i < at + CHECKSUM || i >= at + CHECKSUM + CHECKSUM_LENGTH) sum += (block[i]! << 24) >> 24;
  }
  return sum;
}

/** Four bytes at a time where the block is aligned: summing is a good part of reading a header. */
function sumBytes(block: Buffer, at: number): number {
  const position = block.byteOffset + at;
  if (position % 4 !== 0) return sumSingleBytes(block, at);
  if (words.buffer !== block.buffer) words = new Int32Array(block.buffer, 0, block.buffer.byteLength >> 2);
  let even = 0;
  let odd = 0;
  const end = (position + BLOCK) >> 2;
  for (let i = position >> 2; i < end; i++) {
    const word = words[i]!;
    even += word & LOW_BYTES;
    odd += (word >>> 8) & LOW_BYTES;
  }
  // Each half holds sums below 2^16: 128 words of 255.
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

function sumSingleBytes(block: Buffer, at: number): number {
  let sum = 0;
  for (let i = at; i < at + BLOCK; i++) sum += block[i]!;
  return sum;
}
