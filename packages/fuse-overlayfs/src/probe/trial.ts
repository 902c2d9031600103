import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Directory, type Finding, isStorageError, type Layer } from "@copyup/core";
import { carryOut, daemonAnswers, daemonEnded, type ProcessIdentity, signalDaemon, unmount } from "@copyup/linux";
import { planChain } from "../plan.ts";

/** The real thing in a fresh directory: a daemon, a whiteout, a directory made anew. Leaves neither mount nor process. */
export async function trialFindings(directory: Directory): Promise<Finding[]> {
  let dir: string;
  try {
    dir = mkdtempSync(join(directory.path, ".copyup-trial-"));
  } catch (error) {
    return [refused(directory, `no directory can be made there: ${(error as Error).message}`)];
  }
  try {
    return await tryMount(directory, dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function tryMount(directory: Directory, dir: string): Promise<Finding[]> {
  const [base, head] = ["base", "head"].map((id) => layOut(dir, id)) as [Layer, Layer];
  const target = join(dir, "target");
  for (const made of [target, join(base.body, "diff/replaced")]) mkdirSync(made);
  for (const file of ["deleted", "replaced/hidden"]) writeFileSync(join(base.body, "diff", file), "lower");
  let daemon: ProcessIdentity | null = null;
  try {
    ({ daemon } = carryOut(planChain([head, base], "rw", dir), target));
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return [refused(directory, error.message)];
  }
  try {
    const answer = daemon === null ? "dead" : await daemonAnswers(target, ANSWER_MS);
    if (answer !== "yes") return [refused(directory, `its daemon is ${answer}`)];
    const mounted: Finding = {
      feature: "mount",
      ok: true,
      required: true,
      kind: "unsuitable-fs",
      evidence: `fuse-overlayfs was mounted on ${directory.path} (${directory.filesystem})`,
      fix: null,
    };
    return [mounted, marksFinding(directory, target, join(head.body, "diff"))];
  } finally {
    unmount(target, true);
    if (daemon !== null && !(await daemonEnded(daemon, ANSWER_MS))) {
      signalDaemon(daemon, "SIGKILL");
      await daemonEnded(daemon, ANSWER_MS);
    }
  }
}

const ANSWER_MS = 5000;

function layOut(dir: string, id: string): Layer {
  const body = join(dir, id);
  for (const made of [body, join(body, "diff"), join(body, "work")]) mkdirSync(made);
  return {
    id,
    parent: null,
    state: "active",
    driver: "fuse-overlayfs",
    bodyFormat: 1,
    dialect: "fuse-overlayfs",
    body,
    diffId: null,
    contentId: null,
    chainId: null,
    labels: {},
    createdAt: "",
    lost: {},
  };
}

function marksFinding(directory: Directory, target: string, upper: string): Finding {
  const wrong = tryMarks(target, upper);
  return {
    feature: "whiteout",
    ok: wrong === null,
    required: true,
    kind: "unsuitable-fs",
    evidence:
      wrong === null
        ? `a deleted file and a directory made anew are marked in the upper (${readdirSync(upper).sort().join(" ")})`
        : `deletions do not work on ${directory.path} (${directory.filesystem}): ${wrong}`,
    fix: wrong === null ? null : "put the store on ext4, xfs, btrfs or tmpfs, or use plain-copy",
  };
}

/** What is wrong, or null. */
function tryMarks(target: string, upper: string): string | null {
  try {
    unlinkSync(join(target, "deleted"));
    rmSync(join(target, "replaced"), { recursive: true });
    mkdirSync(join(target, "replaced"));
    writeFileSync(join(target, "replaced/new"), "upper");
    const seen = [readdirSync(target).join(" "), readdirSync(join(target, "replaced")).join(" ")];
    if (seen.join("; ") !== "replaced; new") return `the mount shows ${seen.join("; ")}`;
    return readFileSync(join(upper, "replaced/new"), "utf8") === "upper"
      ? null
      : "what was written is not in the upper";
  } catch (error) {
    return (error as Error).message;
  }
}

function refused(directory: Directory, why: string): Finding {
  return {
    feature: "mount",
    ok: false,
    required: true,
    kind: "prerequisite",
    evidence: `mounting fuse-overlayfs on ${directory.path} (${directory.filesystem}) failed: ${why}`,
    fix: "as root, or in a user namespace with a mount namespace of its own (`copyup unshare -- COMMAND`); a container needs /dev/fuse and CAP_SYS_ADMIN",
  };
}
