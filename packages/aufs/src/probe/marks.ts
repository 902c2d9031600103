import { AT_FDCWD, tryLstatAt, type UnionMark } from "@copyup/linux";

/** What a trial must have left in an upper. */
export function marksOf(upper: string): { whiteout: UnionMark; opaque: UnionMark } {
  return {
    whiteout: { words: ".wh.NAME", look: () => emptyFileAt(`${upper}/.wh.deleted`) },
    opaque: { words: ".wh..wh..opq", look: () => emptyFileAt(`${upper}/replaced/.wh..wh..opq`) },
  };
}

function emptyFileAt(path: string): string | null {
  const mark = tryLstatAt(AT_FDCWD, path);
  if (mark === null) return `there is no ${path}`;
  return mark.type === "file" && mark.size === 0 ? null : `${path} is a ${mark.type} of ${mark.size} bytes`;
}
