const SLASH = 0x2f;
const DOT = 0x2e;

/** A fresh Buffer with the bytes `start..end` as a relative path; see `TarEntry.path`. */
export function normalisePath(source: Buffer, start: number, end: number): Buffer {
  let from = start;
  let to = end;
  while (to > from && source[to - 1] === SLASH) to--;
  while (from < to) {
    if (source[from] === SLASH) from++;
    else if (source[from] === DOT && (from + 1 === to || source[from + 1] === SLASH)) from++;
    else break;
  }
  return isClean(source, from, to) ? copyBytes(source, from, to) : collapse(source, from, to);
}

/** A copy that does not pin the chunk it came from. */
export function copyBytes(source: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  source.copy(copy, 0, start, end);
  return copy;
}

/** Length of the longest component. */
export function longestName(path: Buffer): number {
  let longest = 0;
  let begin = 0;
  for (let i = 0; i <= path.length; i++) {
    if (i < path.length && path[i] !== SLASH) continue;
    if (i - begin > longest) longest = i - begin;
    begin = i + 1;
  }
  return longest;
}

/** No empty component and no `.` after the first slash. */
function isClean(source: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (source[i] !== SLASH) continue;
    const next = source[i + 1];
    if (next === SLASH) return false;
    if (next === DOT && (i + 2 === to || source[i + 2] === SLASH)) return false;
  }
  return true;
}

function collapse(source: Buffer, from: number, to: number): Buffer {
  const out = Buffer.allocUnsafe(to - from);
  let length = 0;
  let begin = from;
  for (let i = from; i <= to; i++) {
    if (i < to && source[i] !== SLASH) continue;
    const empty = i === begin || (i === begin + 1 && source[begin] === DOT);
    if (!empty) {
      if (length > 0) out[length++] = SLASH;
      length += source.copy(out, length, begin, i);
    }
    begin = i + 1;
  }
  return out.subarray(0, length);
}
