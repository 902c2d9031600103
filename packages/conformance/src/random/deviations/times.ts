import { S_IFLNK } from "@copyup/linux";
import type { ModelledDeviation } from "./deviation.ts";

/** aufs: times set through the mount lose their nanoseconds. */
export const wholeSeconds: ModelledDeviation = {
  check: "CU37",
  outcome: "times-truncated",
  rewrites: (edit) => (edit.do === "utimes" ? { ...edit, mtimeNs: floorToSecond(edit.mtimeNs) } : edit),
};

function floorToSecond(ns: bigint): bigint {
  const rest = ns % 1_000_000_000n;
  return ns - (rest < 0n ? rest + 1_000_000_000n : rest);
}

/** aufs: a file of the layer below keeps its time, or cannot be cut at all. */
export const timesKeptByCutting: ModelledDeviation = {
  check: "CU49",
  outcome: "time-kept",
  avoids: (edit, model) =>
    (edit.do === "truncate" || (edit.do === "create" && !edit.exclusive)) && model.isLower(edit.at),
};

/** fuse-overlayfs: a copied symlink's time is that of the copy-up; where its times are set it loses its owner. */
export const symlinkTimes: ModelledDeviation = {
  check: "CU10",
  outcome: "made-anew",
  avoids: (edit, model) => edit.do === "utimes" && model.typeOf(edit.at) === S_IFLNK,
  takesTime: ({ type, lower, made }) => type === "symlink" && lower && made,
};

const parentTimes = ({ type, made }: { type: string; made: boolean }) => type === "directory" && made;

/** aufs: a directory's time becomes that of the copy-up of something in it. */
export const directoryTimes: ModelledDeviation = { check: "CU18", outcome: "parent-times", takesTime: parentTimes };
export const rootTimes: ModelledDeviation = { check: "CU39", outcome: "parent-times", takesTime: parentTimes };
