import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { Directory, Finding } from "@copyup/core";

/** Can a directory be made there? All that is needed. */
export function writableFinding({ path, filesystem }: Directory): Finding {
  let wrong: string | null = null;
  try {
    rmdirSync(mkdtempSync(join(path, ".copyup-trial-")));
  } catch (error) {
    wrong = (error as Error).message;
  }
  return {
    feature: "writable",
    ok: wrong === null,
    required: true,
    kind: "prerequisite",
    evidence:
      wrong === null
        ? `a directory was made in ${path} (${filesystem})`
        : `no directory can be made in ${path}: ${wrong}`,
    fix: wrong === null ? null : "choose a directory this user may write, on a filesystem mounted writable",
  };
}
