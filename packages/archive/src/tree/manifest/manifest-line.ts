import type { FileType } from "@copyup/core";

/** First line of the file; another number is another format. */
export const HEADER = "copyup-manifest 1";
/** First word of the last line, which says how many lines precede it: without it the file is not whole. */
export const END = "end";

/**
 * One of a layer's own changes: `TYPE SIZE CRC PATH`, its path with `\xNN` for bytes that would end the line, or that a
 * terminal would obey, and for the backslash. `gone`: the layer deletes that name.
 */
export interface ManifestLine {
  readonly type: FileType | "gone";
  /** Bytes of a file's content or a symlink's text; else 0. */
  readonly size: number;
  /** CRC-32 of those bytes (of `major:minor` for a device); 0 where there is nothing to check. */
  readonly crc: number;
  /** latin1, relative; `""` is the root. */
  readonly path: string;
}

/** Null for what is no such line. */
export function parseLine(line: string): ManifestLine | null {
  const match = /^(file|directory|symlink|char|block|fifo|socket|gone) (\d{1,16}) ([0-9a-f]{8}) (.*)$/s.exec(line);
  if (match === null) return null;
  const [, type, size, crc, path] = match;
  return {
    type: type as ManifestLine["type"],
    size: Number(size),
    crc: Number.parseInt(crc!, 16),
    path: unescapePath(path!),
  };
}

function unescapePath(path: string): string {
  return path.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
