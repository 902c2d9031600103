import type { Edit } from "../edit.ts";
import type { Model } from "../model/model.ts";
import { isUnsayable } from "../names.ts";
import type { Place } from "../place.ts";
import type { ModelledDeviation } from "./deviation.ts";

/** Every name of every path that the edit speaks of. */
function names(edit: Edit, model: Model): string[] {
  const places: Place[] = [];
  if ("at" in edit) places.push(edit.at);
  if ("from" in edit) places.push(edit.from, edit.to);
  if ("in" in edit) places.push(edit.in);
  return places.flatMap((place) => place.map((index) => model.ground.at([index]).toString("latin1")));
}

/** A 0:0 character device is overlay's own mark. */
export const refusedZeroDevice: ModelledDeviation = {
  check: "WH09",
  outcome: "EPERM",
  refuses: (edit, errno) =>
    errno === "EPERM" && edit.do === "mknod" && edit.type === "char" && edit.major === 0 && edit.minor === 0,
};

/** aufs: names beginning `.wh.` are its own. */
export const refusedWhiteoutNames: ModelledDeviation = {
  check: "WH14",
  outcome: "EPERM",
  refuses: (edit, errno, model) =>
    (errno === "EPERM" || errno === "ENOENT") && names(edit, model).some((name) => isUnsayable(name)),
};

/** fuse-overlayfs: reads `.wh.` names as marks, so what a program made of them is another tree. */
export const hiddenWhiteoutNames: ModelledDeviation = {
  check: "WH14",
  outcome: "EINVAL",
  avoids: (edit, model) => names(edit, model).some((name) => isUnsayable(name)),
};

/** aufs: 242 bytes. */
export const refusedLongNames: ModelledDeviation = {
  check: "WH08",
  outcome: "ENAMETOOLONG",
  refuses: (edit, errno, model) => errno === "ENAMETOOLONG" && names(edit, model).some((name) => name.length > 242),
};

/** Names over the driver's limit are not used: fuse-overlayfs 1.10 dies of removing one of 252 bytes. */
export const shortNames: ModelledDeviation = {
  check: "ME08",
  outcome: "short-names",
  avoids: (edit, model) => names(edit, model).some((name) => name.length > 242),
};
