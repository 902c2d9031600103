/** The reflected CRC-32 polynomial, as in zlib. In this form x^k is the bit 31 - k. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
const X_TO_THE_8TH = 0x00800000;

/**
 * The CRC-32 of what had `crc`, followed by `length` zero bytes, in log(length) steps: so a hole of 5 GiB need not be read.
 * A zero byte multiplies the register by x^8 modulo the polynomial (zlib's crc32_combine rests on the same).
 */
export function crcAfterZeros(crc: number, length: number): number {
  let factor = ONE;
  let square = X_TO_THE_8TH;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) factor = multiply(factor, square);
    square = multiply(square, square);
  }
  // The register is the CRC's complement.
  return ~multiply(factor, ~crc) >>> 0;
}

function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return product >>> 0;
}
