import type { Finding } from "@copyup/core";
import {
  AT_FDCWD,
  getXattr,
  isSystemError,
  lstatAt,
  mkdirAt,
  namesOf,
  O_APPEND,
  O_WRONLY,
  openAt,
  openDirectoryAt,
  readWholeFile,
  rmdirAt,
  tryLstatAt,
  unlinkAt,
  withFd,
  writeFd,
} from "@copyup/linux";
import { type OverlayDialect, privatePrefix } from "../dialect.ts";

/** Each does the real thing through the mount `fd` and looks at what it left in the upper. */

export function copyUpFinding(fd: number, upper: string): Finding {
  return tried("copy-up", "a lower file is copied up when it is written", () => {
    withFd(openAt(fd, "edited", O_WRONLY | O_APPEND), (file) => writeFd(file, Buffer.from("+")));
    const seen = [readWholeFile(fd, "edited"), readWholeFile(AT_FDCWD, `${upper}/edited`)].map(String);
    return seen.every((text) => text === "lower+") ? null : `the mount and the upper hold ${JSON.stringify(seen)}`;
  });
}

export function whiteoutFinding(fd: number, upper: string): Finding {
  return tried("whiteout", "a deleted lower file is gone, and a 0:0 device marks it in the upper", () => {
    unlinkAt(fd, "deleted");
    if (tryLstatAt(fd, "deleted") !== null) return "the deleted file is still there";
    if (withFd(openDirectoryAt(fd, "."), (root) => namesOf(root)).includes("deleted"))
      return "the deleted file is still listed";
    const mark = lstatAt(AT_FDCWD, `${upper}/deleted`);
    if (mark.type === "char" && mark.rdevMajor === 0 && mark.rdevMinor === 0) return null;
    return `the upper has a ${mark.type} ${mark.rdevMajor}:${mark.rdevMinor} in its place`;
  });
}

export function opaqueFinding(fd: number, upper: string, dialect: OverlayDialect): Finding {
  const name = `${privatePrefix(dialect)}opaque`;
  return tried("opaque", `a directory made anew hides the lower's, by ${name}`, () => {
    unlinkAt(fd, "replaced/hidden");
    rmdirAt(fd, "replaced");
    mkdirAt(fd, "replaced");
    const names = withFd(openDirectoryAt(fd, "replaced"), (dir) => namesOf(dir));
    if (names.length > 0) return `it lists ${names.join(", ")}`;
    const value = getXattr(`${upper}/replaced`, name)?.toString() ?? null;
    return value === "y" ? null : `its ${name} is ${value}`;
  });
}

/** `act` says what is wrong, or null. */
function tried(feature: string, what: string, act: () => string | null): Finding {
  let wrong: string | null;
  try {
    wrong = act();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    wrong = error.message;
  }
  return {
    feature,
    ok: wrong === null,
    required: true,
    kind: "unsuitable-fs",
    evidence: wrong === null ? what : `not so: ${what}; ${wrong}`,
    fix: wrong === null ? null : "put the store on ext4, xfs (ftype=1), btrfs or tmpfs, or use plain-copy",
  };
}
