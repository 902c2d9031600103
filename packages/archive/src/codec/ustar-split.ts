import { NAME_LENGTH, PREFIX_LENGTH } from "./ustar-layout.ts";

const SLASH = 0x2f;

/**
 * How a path lies in ustar's name (100 bytes) and prefix (155 bytes, a slash between them unwritten): the position of that
 * slash, 0 if the name alone holds it, -1 if it does not fit. The prefix is the longest possible, as GNU tar's and Go's.
 */
export function ustarSplit(path: Buffer): number {
  if (path.length <= NAME_LENGTH) return 0;
  // A directory's closing slash belongs to the name.
  for (let i = Math.min(PREFIX_LENGTH, path.length - 2); i > 0 && path.length - i - 1 <= NAME_LENGTH; i--) {
    if (path[i] === SLASH) return i;
  }
  return -1;
}
