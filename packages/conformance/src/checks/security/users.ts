import { execFileSync } from "node:child_process";
import { chownSync, existsSync } from "node:fs";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import type { ProgramName } from "../../child/programs/index.ts";
import type { LifeTold } from "../../child/programs/live-in-namespace.ts";
import { type ProgramOptions, spawnProgram } from "../../child/spawn-program.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { readTree } from "../whiteout/tree-specs.ts";

const NOBODY = 65534;
const VIEW = ["d", "d/new", "kept"];

async function lifeTold(
  trial: Trial,
  program: ProgramName,
  root: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<LifeTold> {
  const child = await spawnProgram(trial, program, root, args, options);
  child.send("go");
  const told = JSON.parse(await child.line()) as LifeTold;
  const { status, stderr } = await child.done();
  trial.equal({ status, stderr }, { status: 0, stderr: "" }, "how the process ended");
  return told;
}

function tryOrSkip(trial: Trial, what: string, args: readonly string[]): void {
  try {
    execFileSync("unshare", args, { stdio: "pipe" });
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    trial.skip(`needs ${what}: ${said || (error as Error).message}`);
  }
}

/** A refusal must say what was tried, and name a way out that this user has. */
function tellsTheWayOut(trial: Trial, { refused, probe }: LifeTold): void {
  const codes = ["DRIVER_UNSUPPORTED", "NEEDS_NAMESPACE"];
  trial.ok(refused && codes.includes(refused.code), `the refusal's code: ${refused?.code}`);
  const [finding] = probe;
  trial.ok(finding, "the probe found what the store refuses");
  // They were tried in different directories.
  const evidence = withoutPaths(finding.evidence);
  trial.ok(
    refused && withoutPaths(refused.message).includes(evidence),
    `"${refused?.message}" carries the evidence ${evidence}`,
  );
  trial.ok(
    /\broot\b|user namespace|unshare|plain-copy|kernel/.test(refused?.hint ?? ""),
    `a way out: "${refused?.hint}"`,
  );
}

const withoutPaths = (text: string) => text.replaceAll(/(?:\/[\w.-]+)+/g, "PATH");

export const userNamespace: Check = {
  id: "SE01",
  title: "in a user namespace layers, deletions and replaced directories work, and the store can be opened outside",
  restsOn: ["xattrs"],
  cites: [
    "overlayfs.rst, userxattr (5.11): opaque directories need it, EIO without (measured on 6.1 to 7.2)",
    "kernels.md, userns.ovl",
    "rules.md rule 11: root opening a rootless store must see it",
  ],
  deviations: { refused: "the driver does not work in a user namespace, and says so" },
  needs: ["own-process", "tool:unshare"],
  async run(trial: Trial) {
    const wrapper = ["unshare", "-Urm", "--propagation", "private", "--"];
    tryOrSkip(trial, "a user namespace", [...wrapper.slice(1), "true"]);
    const home = trial.directoryFor("rootless");
    const told = await lifeTold(trial, "live-in-namespace", home, [], { wrapper });
    trial.equal([told.uid, told.userNamespace], [0, true], "who the process is");
    if (told.refused) {
      tellsTheWayOut(trial, told);
      return "refused";
    }
    trial.equal(told.view, VIEW, "the view inside");
    await using store = await openStore({ root: `${home}/store`, driver: trial.driver, host: trial.host });
    trial.equal((await store.get("child")).dialect, told.dialect, "the dialect in the record");
    trial.equal(await viewing(store, { id: "child" }, readTree), ["d/new=", "kept="], "the view outside");
    trial.equal((await store.check()).problems, [], "problems that check finds");
    return undefined;
  },
};

export const ordinaryUser: Check = {
  id: "SE02",
  title: "an ordinary user without a namespace is served, or refused with what is missing and a way out",
  cites: ["mount(2), EPERM", "moby#15651: driver not supported", "rules.md rule 12: plain-copy works for anybody"],
  deviations: { refused: "the driver needs the right to mount, and says so before anything is written" },
  needs: ["own-process", "tool:setpriv"],
  async run(trial: Trial) {
    const home = trial.directoryFor("user");
    let told: LifeTold;
    if (trial.host.fullRoot) {
      tryOrSkip(trial, "a mount namespace of its own", ["-m", "--propagation", "private", "true"]);
      chownSync(home, NOBODY, NOBODY);
      const reachable = ["/mnt", "/media", "/srv", "/tmp"].find((directory) => existsSync(directory)) ?? "/tmp";
      const args = [String(NOBODY), reachable];
      told = await lifeTold(trial, "ordinary-user", home, args, { newMountNamespace: true });
      trial.equal(told.uid, NOBODY, "who the process is");
    } else {
      // Root of a user namespace has rights there: without a bounding set it has none.
      const wrapper = trial.host.sysAdmin ? ["setpriv", "--bounding-set=-all", "--"] : [];
      told = await lifeTold(trial, "ordinary-user", home, [], { wrapper });
    }
    if (told.refused) {
      tellsTheWayOut(trial, told);
      trial.equal(existsSync(`${home}/store`), false, "a store is there after the refusal");
      return "refused";
    }
    trial.equal(told.view, VIEW, "the view");
    return undefined;
  },
};
