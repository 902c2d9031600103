const SPACE = 0x20;
const ZERO = 0x30;
const SEVEN = 0x37;
const INT_LIMIT = 2 ** 31;

/**
 * A numeric header field: octal text, or GNU's base-256 (two's complement, marked by the top bit of the first byte).
 * NaN if it is neither; an unsafe integer or ±Infinity if it is beyond 2^53. An empty field is 0, as in every reader.
 */
export function readNumber(block: Buffer, at: number, length: number): number {
  return block[at]! & 0x80 ? readBase256(block, at, length) : readOctal(block, at, length);
}

function readOctal(block: Buffer, at: number, length: number): number {
  const end = at + length;
  let i = at;
  // Old tars pad with spaces in front; some leave unused fields as a mixture of spaces and NULs.
  while (i < end && (block[i] === SPACE || block[i] === 0)) i++;
  let value = 0;
  for (; i < end; i++) {
    const byte = block[i]!;
    if (byte === SPACE || byte === 0) return value;
    if (byte < ZERO || byte > SEVEN) return Number.NaN;
    value = value * 8 + (byte - ZERO);
  }
  return value;
}

function readBase256(block: Buffer, at: number, length: number): number {
  const negative = (block[at]! & 0x40) !== 0;
  const flip = negative ? 0xff : 0;
  let value = (block[at]! ^ flip) & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i]! ^ flip);
  return negative ? -value - 1 : value;
}

/** Largest number of an octal field, one byte of which is the closing NUL. */
export function octalLimit(length: number): number {
  return 8 ** (length - 1) - 1;
}

/** Writes zero-padded octal and a NUL. The value must fit `octalLimit(length)`. */
export function writeOctal(out: Buffer, at: number, length: number, value: number): void {
  let i = at + length - 1;
  out[i] = 0;
  let rest = value;
  for (; rest >= INT_LIMIT; i--) {
    const high = Math.floor(rest / 8);
    out[i - 1] = ZERO + (rest - high * 8);
    rest = high;
  }
  // Integers from here on: several times faster.
  for (let bits = rest | 0; i > at; i--) {
    out[i - 1] = ZERO + (bits & 7);
    bits >>= 3;
  }
}
