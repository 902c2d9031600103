import { Malformed } from "./malformed.ts";
import { parseDecimal } from "./pax-numbers.ts";

/**
 * Sparse files of GNU tar (old GNU, PAX 0.0, 0.1, 1.0) and bsdtar (PAX 1.0); the four forms:
 * https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html
 */

/** The GNU.sparse.* records of one extended header. */
export class SparseRecords {
  major: number | null = null;
  minor: number | null = null;
  realSize: number | null = null;
  /** The file's own name; the header holds an invented one. */
  name: Buffer | null = null;
  /** Offset, length, offset, length, … */
  readonly map: number[] = [];
}

/** Where the stored bytes belong in a file of `realSize`; what lies between is zeros. */
export interface SparseMap {
  /** Offset, length, offset, length, …, ascending. */
  readonly segments: readonly number[];
  readonly realSize: number;
}

/** PAX 0.1: `OFFSET,LENGTH,OFFSET,LENGTH,…`. */
export function parseSparseList(data: Buffer, start: number, end: number): number[] {
  const numbers: number[] = [];
  let begin = start;
  for (let i = start; i <= end; i++) {
    if (i < end && data[i] !== 0x2c) continue;
    numbers.push(parseDecimal(data, begin, i, "sparse map"));
    begin = i + 1;
  }
  return numbers;
}

/** Throws unless the segments ascend, do not overlap, stay inside the file and add up to what is stored. */
export function checkSparseMap(segments: readonly number[], realSize: number, stored: number): SparseMap {
  if (segments.length % 2 !== 0) throw new Malformed("sparse map with an offset and no length");
  let position = 0;
  let sum = 0;
  for (let i = 0; i < segments.length; i += 2) {
    const offset = segments[i]!;
    const length = segments[i + 1]!;
    if (offset < position) throw new Malformed("sparse map whose pieces overlap or are out of order");
    position = offset + length;
    sum += length;
    if (position > realSize) throw new Malformed("sparse map that goes beyond the end of its file");
  }
  if (sum !== stored) throw new Malformed(`sparse map of ${sum} bytes for ${stored} stored ones`);
  return { segments, realSize };
}
