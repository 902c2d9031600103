import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Directory, Finding } from "@copyup/core";
import { AT_FDCWD, O_APPEND, O_WRONLY } from "../constants.ts";
import { isSystemError } from "../errors.ts";
import { namesOf } from "../files/directory.ts";
import { mkdirAt, openAt, openDirectoryAt, readWholeFile, rmdirAt, unlinkAt, withFd, writeFd } from "../files/files.ts";
import { tryLstatAt } from "../files/statx.ts";

/** How a union notes in its upper that something of a lower is gone. */
export interface UnionMark {
  /** As in "a deleted lower file is gone, and WORDS marks it in the upper". */
  readonly words: string;
  /** Looks at what the trial left in the upper, at `deleted` or in `replaced/`. What is wrong, or null. */
  readonly look: () => string | null;
}

export interface UnionTrial {
  /** A descriptor of the mount's root: of the lower that plantTrialLower made, and an empty upper. */
  readonly mount: number;
  readonly upper: string;
  readonly whiteout: UnionMark;
  readonly opaque: UnionMark;
  /** What to do where it does not work. */
  readonly fix: string;
}

/** What a trial edits, deletes and replaces. `lower` is made. */
export function plantTrialLower(lower: string): void {
  mkdirSync(join(lower, "replaced"), { recursive: true });
  for (const file of ["edited", "deleted", "replaced/hidden"]) writeFileSync(join(lower, file), "lower");
}

/** Each does the real thing through the mount, and looks at what it left in the upper. */
export function unionFindings(trial: UnionTrial): Finding[] {
  // The copy-up last: in a directory where something was copied up overlay looks at each name, and needs no d_type (6.18).
  return [whiteoutFinding(trial), opaqueFinding(trial), copyUpFinding(trial)];
}

function whiteoutFinding({ mount, whiteout, fix }: UnionTrial): Finding {
  return tried("whiteout", `a deleted lower file is gone, and ${whiteout.words} marks it in the upper`, fix, () => {
    unlinkAt(mount, "deleted");
    if (tryLstatAt(mount, "deleted") !== null) return "the deleted file is still there";
    if (listAt(mount, ".").includes("deleted")) return "the deleted file is still listed";
    return whiteout.look();
  });
}

function opaqueFinding({ mount, opaque, fix }: UnionTrial): Finding {
  return tried("opaque", `a directory made anew hides the lower's, by ${opaque.words}`, fix, () => {
    unlinkAt(mount, "replaced/hidden");
    rmdirAt(mount, "replaced");
    mkdirAt(mount, "replaced");
    const names = listAt(mount, "replaced");
    return names.length > 0 ? `it lists ${names.join(", ")}` : opaque.look();
  });
}

function copyUpFinding({ mount, upper, fix }: UnionTrial): Finding {
  return tried("copy-up", "a lower file is copied up when it is written", fix, () => {
    withFd(openAt(mount, "edited", O_WRONLY | O_APPEND), (file) => writeFd(file, Buffer.from("+")));
    const seen = [readWholeFile(mount, "edited"), readWholeFile(AT_FDCWD, `${upper}/edited`)].map(String);
    return seen.every((text) => text === "lower+") ? null : `the mount and the upper hold ${JSON.stringify(seen)}`;
  });
}

function listAt(fd: number, path: string): string[] {
  return withFd(openDirectoryAt(fd, path), (directory) => namesOf(directory));
}

/** `act` says what is wrong, or null. */
function tried(feature: string, what: string, fix: string, act: () => string | null): Finding {
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
    fix: wrong === null ? null : fix,
  };
}

/** Where the trial's own directory could not be made. */
export function noTrialFinding({ path }: Directory, error: Error): Finding {
  return {
    feature: "mount",
    ok: false,
    required: true,
    kind: "prerequisite",
    evidence: `no directory can be made in ${path}: ${error.message}`,
    fix: "choose a directory this user may write, on a filesystem mounted writable",
  };
}
