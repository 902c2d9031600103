import type { Finding } from "@copyup/core";
import {
  AT_FDCWD,
  isSystemError,
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

/** Each does the real thing through the mount `fd` and looks at what it left in the upper. */

export function copyUpFinding(fd: number, upper: string): Finding {
  return tried("copy-up", "a lower file is copied up when it is written", () => {
    withFd(openAt(fd, "edited", O_WRONLY | O_APPEND), (file) => writeFd(file, Buffer.from("+")));
    const seen = [readWholeFile(fd, "edited"), readWholeFile(AT_FDCWD, `${upper}/edited`)].map(String);
    return seen.every((text) => text === "lower+") ? null : `the mount and the upper hold ${JSON.stringify(seen)}`;
  });
}

export function whiteoutFinding(fd: number, upper: string): Finding {
  return tried("whiteout", "a deleted lower file is gone, and .wh.NAME marks it in the upper", () => {
    unlinkAt(fd, "deleted");
    if (tryLstatAt(fd, "deleted") !== null) return "the deleted file is still there";
    if (listAt(fd, ".").includes("deleted")) return "the deleted file is still listed";
    return markAt(`${upper}/.wh.deleted`);
  });
}

export function opaqueFinding(fd: number, upper: string): Finding {
  return tried("opaque", "a directory made anew hides the lower's, by .wh..wh..opq", () => {
    unlinkAt(fd, "replaced/hidden");
    rmdirAt(fd, "replaced");
    mkdirAt(fd, "replaced");
    const names = listAt(fd, "replaced");
    return names.length > 0 ? `it lists ${names.join(", ")}` : markAt(`${upper}/replaced/.wh..wh..opq`);
  });
}

function markAt(path: string): string | null {
  const mark = tryLstatAt(AT_FDCWD, path);
  if (mark === null) return `there is no ${path}`;
  return mark.type === "file" && mark.size === 0 ? null : `${path} is a ${mark.type} of ${mark.size} bytes`;
}

function listAt(fd: number, path: string): string[] {
  return withFd(openDirectoryAt(fd, path), (directory) => namesOf(directory));
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
    fix: wrong === null ? null : "put the store on ext4, xfs or tmpfs, or use plain-copy",
  };
}
