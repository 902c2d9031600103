import { copyBytes, normalisePath } from "./normalise-path.ts";
import { readNumber } from "./number-fields.ts";
import {
  LINK_NAME,
  MAGIC,
  NAME,
  NAME_LENGTH,
  NUMBER_LENGTH,
  PREFIX,
  PREFIX_LENGTH,
  STAR_PREFIX_LENGTH,
  STAR_TRAILER,
} from "./ustar-layout.ts";

const SLASH = 0x2f;
const SPACE = 0x20;
const USTAR = Buffer.from("ustar");
const STAR = Buffer.from("tar\0");

/** The path a plain header spells, normalised. */
export function headerPath(block: Buffer, at: number): Buffer {
  const nameEnd = textEnd(block, at + NAME, NAME_LENGTH);
  const prefixEnd = block[at + PREFIX] === 0 ? 0 : prefixEndOf(block, at);
  if (prefixEnd === 0) return normalisePath(block, at + NAME, nameEnd);
  const joined = Buffer.concat([
    block.subarray(at + PREFIX, prefixEnd),
    Buffer.of(SLASH),
    block.subarray(at + NAME, nameEnd),
  ]);
  return normalisePath(joined, 0, joined.length);
}

export function headerNameEndsInSlash(block: Buffer, at: number): boolean {
  const end = textEnd(block, at + NAME, NAME_LENGTH);
  return end > at && block[end - 1] === SLASH;
}

export function headerLink(block: Buffer, at: number): Buffer {
  return copyBytes(block, at + LINK_NAME, textEnd(block, at + LINK_NAME, NAME_LENGTH));
}

/** 7th Edition: no magic, so no prefix, and directories are files whose name ends in a slash. */
export function isV7(block: Buffer, at: number): boolean {
  return !matches(block, at + MAGIC, USTAR);
}

/** 0 if the header has no prefix field. */
function prefixEndOf(block: Buffer, at: number): number {
  if (isV7(block, at)) return 0;
  if (block[at + MAGIC + USTAR.length] === SPACE)
    return isGoPrefix(block, at) ? textEnd(block, at + PREFIX, PREFIX_LENGTH) : 0;
  return textEnd(block, at + PREFIX, matches(block, at + STAR_TRAILER, STAR) ? STAR_PREFIX_LENGTH : PREFIX_LENGTH);
}

/**
 * GNU's format keeps access and change time where ustar keeps the prefix. Go before 1.8 (so docker before 1.13) now and then
 * wrote a prefix there all the same (https://github.com/golang/go/issues/12594): ASCII text that is no pair of numbers.
 */
function isGoPrefix(block: Buffer, at: number): boolean {
  const atime = readNumber(block, at + PREFIX, NUMBER_LENGTH);
  const ctime = readNumber(block, at + PREFIX + NUMBER_LENGTH, NUMBER_LENGTH);
  if (!Number.isNaN(atime) && !Number.isNaN(ctime)) return false;
  const end = textEnd(block, at + PREFIX, PREFIX_LENGTH);
  for (let i = at + PREFIX; i < end; i++) {
    if (block[i]! >= 0x80) return false;
  }
  return true;
}

function textEnd(block: Buffer, at: number, length: number): number {
  let end = at;
  while (end < at + length && block[end] !== 0) end++;
  return end;
}

function matches(block: Buffer, at: number, word: Buffer): boolean {
  for (let i = 0; i < word.length; i++) {
    if (block[at + i] !== word[i]) return false;
  }
  return true;
}
