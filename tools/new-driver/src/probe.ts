import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { Directory, Finding, Host } from "../../../packages/core/src/index.ts";

/**
 * Can the driver keep its layers in that directory on this host? Add a finding for each thing it needs, and find out by doing
 * it: make a whiteout, mount something (detached, so that nobody sees it), start the program. Never throws, leaves nothing.
 */
export function probeHere(directory: Directory, _host: Host): Finding[] {
  return [writableFinding(directory)];
}

function writableFinding({ path, filesystem }: Directory): Finding {
  const finding = { feature: "writable", required: true, kind: "prerequisite" } as const;
  try {
    rmdirSync(mkdtempSync(join(path, ".copyup-trial-")));
    return { ...finding, ok: true, evidence: `a directory was made in ${path} (${filesystem})`, fix: null };
  } catch (error) {
    return {
      ...finding,
      ok: false,
      evidence: `no directory can be made in ${path}: ${(error as Error).message}`,
      fix: "choose a directory this user may write, on a filesystem mounted writable",
    };
  }
}
