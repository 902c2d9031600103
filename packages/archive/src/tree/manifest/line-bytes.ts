/** Puts the parts of a manifest's line into a buffer that has room for them; each gives where it stopped. */

const SPACE = 0x20;
const ZERO = 0x30;
const DELETE = 0x7f;
const BACKSLASH = 0x5c;
const HEX = Buffer.from("0123456789abcdef");

export function putWord(into: Buffer, at: number, word: Buffer): number {
  for (let i = 0; i < word.length; i++) into[at + i] = word[i]!;
  return at + word.length;
}

/** A non-negative integer and a space. */
export function putDecimal(into: Buffer, at: number, value: number): number {
  let end = at + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
  let rest = value;
  for (let i = end - 1; i >= at; i--) {
    const tenth = Math.floor(rest / 10);
    into[i] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  into[end] = SPACE;
  return end + 1;
}

/** The eight digits of 32 bits and a space. */
export function putHex(into: Buffer, at: number, value: number): number {
  for (let i = 0; i < 8; i++) into[at + i] = HEX[(value >>> (28 - 4 * i)) & 15]!;
  into[at + 8] = SPACE;
  return at + 9;
}

/** Bytes that would end the line, or that a terminal would obey, and the backslash, as `\xNN`. Others stay as they are. */
export function putEscaped(into: Buffer, at: number, path: Buffer, start: number, end: number): number {
  let next = at;
  for (let i = start; i < end; i++) {
    const byte = path[i]!;
    if (byte >= SPACE && byte !== DELETE && byte !== BACKSLASH) {
      into[next++] = byte;
      continue;
    }
    into[next++] = BACKSLASH;
    into[next++] = 0x78;
    into[next++] = HEX[byte >>> 4]!;
    into[next++] = HEX[byte & 15]!;
  }
  return next;
}
