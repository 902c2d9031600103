import { addressOf } from "../ffi/memory.ts";
import { FSCONFIG_STRING_MAX_BYTES } from "./calls.ts";

/** Paths as C strings, one after the other. */
export interface DirectoryStrings {
  readonly bytes: Buffer;
  readonly ptr: number;
  /** Where each begins. */
  readonly starts: readonly number[];
}

/** Drivers give the same list for each mount of a layer, and of a long chain copying the strings is most of what we do ourselves. */
const known = new WeakMap<readonly string[], DirectoryStrings | null>();

/** Null where one of them cannot be said as it is. The address is good as long as `paths` is in use. */
export function directoryStrings(paths: readonly string[]): DirectoryStrings | null {
  let strings = known.get(paths);
  if (strings === undefined) {
    strings = paths.every(sayable) ? pack(paths) : null;
    known.set(paths, strings);
  }
  return strings;
}

/** A path of 256 bytes and more is refused, and a backslash read differently by different keys. */
export function sayable(path: string): boolean {
  // A UTF-16 unit is 3 bytes at most, so a short path need not be counted.
  const short = path.length * 3 <= FSCONFIG_STRING_MAX_BYTES || Buffer.byteLength(path) <= FSCONFIG_STRING_MAX_BYTES;
  return short && !path.includes("\\");
}

function pack(paths: readonly string[]): DirectoryStrings {
  const starts: number[] = [];
  let end = 0;
  for (const path of paths) {
    if (path.includes("\0")) throw new RangeError("argument holds a NUL byte");
    starts.push(end);
    end += Buffer.byteLength(path) + 1;
  }
  const bytes = Buffer.alloc(Math.max(end, 1));
  for (const [i, path] of paths.entries()) bytes.write(path, starts[i]!);
  return { bytes, ptr: addressOf(bytes), starts };
}
