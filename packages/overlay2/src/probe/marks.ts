import { AT_FDCWD, getXattr, lstatAt, type UnionMark } from "@copyup/linux";
import { type OverlayDialect, privatePrefix } from "../dialect.ts";

/** What a trial must have left in an upper. */
export function marksOf(upper: string, dialect: OverlayDialect): { whiteout: UnionMark; opaque: UnionMark } {
  const name = `${privatePrefix(dialect)}opaque`;
  return {
    whiteout: {
      words: "a 0:0 device",
      look() {
        const mark = lstatAt(AT_FDCWD, `${upper}/deleted`);
        if (mark.type === "char" && mark.rdevMajor === 0 && mark.rdevMinor === 0) return null;
        return `the upper has a ${mark.type} ${mark.rdevMajor}:${mark.rdevMinor} in its place`;
      },
    },
    opaque: {
      words: name,
      look() {
        const value = getXattr(`${upper}/replaced`, name)?.toString() ?? null;
        return value === "y" ? null : `its ${name} is ${value}`;
      },
    },
  };
}
