import { Malformed } from "./malformed.ts";

const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const POINT = 0x2e;
const NANOSECOND_DIGITS = 9;
const SECOND_NS = 1_000_000_000;

export interface PaxTime {
  /** Floor, so that `nsec` counts up also before 1970. */
  readonly sec: number;
  /** 0..999_999_999. */
  readonly nsec: number;
}

/** A non-negative decimal number that fits 2^53. */
export function parseDecimal(data: Buffer, start: number, end: number, what: string): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = data[i]!;
    if (byte < ZERO || byte > NINE)
      throw new Malformed(`${what} is not a decimal number: ${excerpt(data, start, end)}`);
    value = value * 10 + (byte - ZERO);
  }
  if (start === end || value > Number.MAX_SAFE_INTEGER)
    throw new Malformed(`${what} is out of range: ${excerpt(data, start, end)}`);
  return value;
}

/** `[-]SECONDS[.FRACTION]`; what is finer than a nanosecond is cut off downwards, as GNU tar does. */
export function parseTime(data: Buffer, start: number, end: number): PaxTime {
  const negative = data[start] === MINUS;
  const first = negative ? start + 1 : start;
  let point = first;
  while (point < end && data[point] !== POINT) point++;
  const whole = parseDecimal(data, first, point, "time");
  let nsec = 0;
  let finer = false;
  for (let i = point + 1; i < end; i++) {
    const digit = data[i]! - ZERO;
    if (digit < 0 || digit > 9) throw new Malformed(`time is not a decimal number: ${excerpt(data, start, end)}`);
    if (i - point <= NANOSECOND_DIGITS) nsec = nsec * 10 + digit;
    else if (digit > 0) finer = true;
  }
  for (let digits = end - point - 1; digits < NANOSECOND_DIGITS; digits++) {
    if (digits >= 0) nsec *= 10;
  }
  if (!negative) return { sec: whole, nsec };
  const below = nsec + (finer ? 1 : 0);
  // `0 - x` and not `-x`: there is no minus zero among times.
  return below === 0 ? { sec: 0 - whole, nsec: 0 } : { sec: 0 - whole - 1, nsec: SECOND_NS - below };
}

/** The exact decimal of a time, without trailing zeros; `sec` is the floor. */
export function formatTime(sec: number, nsec: number): string {
  if (nsec === 0) return String(sec);
  const negative = sec < 0;
  const whole = negative ? 0 - sec - 1 : sec;
  let fraction = negative ? SECOND_NS - nsec : nsec;
  let digits = NANOSECOND_DIGITS;
  for (; fraction % 10 === 0; digits--) fraction /= 10;
  return `${negative ? "-" : ""}${whole}.${String(fraction).padStart(digits, "0")}`;
}

function excerpt(data: Buffer, start: number, end: number): string {
  return JSON.stringify(data.toString("latin1", start, Math.min(end, start + 40)));
}
