import { Malformed } from "./malformed.ts";

const SPACE = 0x20;
const NEWLINE = 0x0a;
const EQUALS = 0x3d;
const ZERO = 0x30;
const NINE = 0x39;
/** More digits than any length within the limits has. */
const MAX_DIGITS = 10;

export type OnPaxRecord = (data: Buffer, keyStart: number, keyEnd: number, valueEnd: number) => void;

/**
 * Walks the records `LENGTH KEY=VALUE\n` of an extended header. LENGTH counts the whole record, so a value may hold any
 * byte; the key ends at the first `=`. The value begins at `keyEnd + 1`.
 */
export function eachPaxRecord(data: Buffer, start: number, end: number, onRecord: OnPaxRecord): void {
  let at = start;
  while (at < end) {
    let length = 0;
    let i = at;
    for (; i < end && i - at < MAX_DIGITS; i++) {
      const byte = data[i]!;
      if (byte < ZERO || byte > NINE) break;
      length = length * 10 + (byte - ZERO);
    }
    if (i === at || i === end || data[i] !== SPACE) throw new Malformed("extended header record without a length");
    const stop = at + length;
    // The shortest record is "5 a=\n"; also keeps a length of 0 from looping.
    if (stop > end || stop < i + 4) throw new Malformed(`extended header record's length ${length} is a lie`);
    if (data[stop - 1] !== NEWLINE) throw new Malformed("extended header record does not end in a newline");
    const keyStart = i + 1;
    let keyEnd = keyStart;
    while (keyEnd < stop - 1 && data[keyEnd] !== EQUALS) keyEnd++;
    if (keyEnd === keyStart || keyEnd === stop - 1) throw new Malformed("extended header record without KEY=VALUE");
    onRecord(data, keyStart, keyEnd, stop - 1);
    at = stop;
  }
}
