const ZERO = 0x30;
const POINT = 0x2e;
const NEWLINE = 0x0a;
const NANOSECOND_DIGITS = 9;

const KEY = Buffer.from("00 mtime=", "latin1");
/** The length's own two digits are right up to 99, and the longest is 40. */
const LENGTH_DIGITS = 2;

/**
 * The record `mtime` of a time from 1970 on with a fraction (`nsec` is not 0), as bytes at `out[at..]`: the same that
 * `formatTime` gives as text. Nearly every file has one. Gives the record's length.
 */
export function writeTimeRecord(sec: number, nsec: number, out: Buffer, at: number): number {
  for (let i = 0; i < KEY.length; i++) out[at + i] = KEY[i]!;
  let end = at + KEY.length + decimalLength(sec);
  writeDecimal(sec, out, end);
  out[end++] = POINT;
  let digits = NANOSECOND_DIGITS;
  let fraction = nsec;
  for (; fraction % 10 === 0; digits--) fraction /= 10;
  for (let i = 0; i < digits; i++) out[end + i] = ZERO;
  end += digits;
  writeDecimal(fraction, out, end);
  out[end++] = NEWLINE;
  writeDecimal(end - at, out, at + LENGTH_DIGITS);
  return end - at;
}

function decimalLength(value: number): number {
  let length = 1;
  for (let limit = 10; value >= limit; limit *= 10) length++;
  return length;
}

/** Its digits, so that the last one lies before `end`. */
function writeDecimal(value: number, out: Buffer, end: number): void {
  let rest = value;
  for (let i = end - 1; ; i--) {
    const tenth = Math.floor(rest / 10);
    out[i] = ZERO + (rest - tenth * 10);
    if (tenth === 0) return;
    rest = tenth;
  }
}
