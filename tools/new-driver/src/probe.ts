import { mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { Directory, Finding, Host } from "../../../packages/core/src/index.ts";

/**
 * Can the driver keep its layers in that directory on this host? Add a finding for each thing it needs, and find out by doing
 * it: make a whiteout, mount something (detached, so that nobody sees it), start the program. Never throws, leaves nothing.
 */
export function probeHere(directory: Directory, host: Host): Finding[] {
  return [...quickFindings(host), writableFinding(directory)];
}

/** What can be told at no cost: `open` asks it each time, so that nothing is begun that cannot end well. */
export function quickFindings(host: Host): Finding[] {
  return [privilegeFinding(host)];
}

/** A plan with a mount needs the right to mount. Leave it out of a driver that can do without. */
function privilegeFinding({ euid, sysAdmin, userNamespace }: Host): Finding {
  const who = `uid ${euid}${userNamespace ? " in a user namespace" : ""}`;
  return {
    feature: "privilege",
    ok: sysAdmin,
    required: true,
    kind: "prerequisite",
    evidence: sysAdmin ? `${who} may mount` : `${who} may not mount: it lacks CAP_SYS_ADMIN`,
    fix: sysAdmin ? null : "run it as root, or in a user namespace with a mount namespace: `unshare -Urm`",
  };
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
