import { StorageError } from "@copyup/core";

/** One line of a manifest: one name that the layer changes. */
export interface ManifestLine {
  /** `f`ile, `d`irectory, sym`l`ink, `c`har, `b`lock, `p`ipe, `s`ocket; `h`: one more name of an earlier file; `-`: deleted. */
  readonly type: string;
  /** Of files, else 0. */
  readonly size: number;
  /** CRC-32 of a file's bytes or a link's text, else 0: it is to find what went bad, not to resist an attacker. */
  readonly crc: number;
  /** latin1, one character a byte. */
  readonly path: string;
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };
const UNESCAPES = Object.fromEntries(Object.entries(ESCAPES).map(([character, escaped]) => [escaped, character]));

/** `TYPE SIZE CRC PATH`; in the path `\\`, `\n` and `\r` stand for these three bytes, all others stand as they are. */
export function formatLine({ type, size, crc, path }: ManifestLine): string {
  const escaped = /[\\\n\r]/.test(path) ? path.replace(/[\\\n\r]/g, (character) => ESCAPES[character] ?? "") : path;
  return `${type} ${size} ${crc.toString(16)} ${escaped}\n`;
}

/** Throws CORRUPT. */
export function parseLine(line: string, file: string): ManifestLine {
  const found = /^([fdlcbpsh-]) (\d+) ([0-9a-f]{1,8}) ([\s\S]*)$/.exec(line);
  if (!found)
    throw new StorageError({
      code: "CORRUPT",
      op: "check",
      message: `${file}: not a line of a manifest: ${JSON.stringify(line.slice(0, 80))}`,
      path: file,
    });
  const [, type = "", size, crc = "", path = ""] = found;
  return {
    type,
    size: Number(size),
    crc: Number.parseInt(crc, 16),
    path: path.replace(/\\[\\nr]/g, (escaped) => UNESCAPES[escaped] ?? ""),
  };
}

export const TYPE_LETTERS = {
  file: "f",
  directory: "d",
  symlink: "l",
  char: "c",
  block: "b",
  fifo: "p",
  socket: "s",
} as const;
