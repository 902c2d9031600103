import { chownSync, mkdirSync, readdirSync } from "node:fs";
import { isStorageError, supported } from "@copyup/core";
import { describeDirectory, describeHost } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { awaitedAsUser } from "../../trial/as-user.ts";
import type { Trial } from "../../trial/trial.ts";
import { checkWords } from "./unsuitable-host.ts";

const USER = 1000;

/** FA14 */
export const probedByUser: Check = {
  id: "FA14",
  title: "An ordinary user's probe says of each thing that is missing why and what to do; opening says the same",
  cites: ["catalogue.md FA14, SE02", "moby#15651: driver not supported"],
  needs: ["root"],
  async run(trial: Trial) {
    const home = trial.directoryFor("home");
    chownSync(home, USER, USER);
    const { driver } = trial;
    const { host, findings, refusal, left } = await awaitedAsUser(USER, home, async (root) => {
      const host = describeHost();
      const findings = await driver.probe(describeDirectory(root), host);
      const left = readdirSync(root);
      for (const name of ["layers", "scratch"]) mkdirSync(`${root}/${name}`);
      const opening = driver.open({ root, layers: `${root}/layers`, scratch: `${root}/scratch` }, {});
      const refusal = await opening.then(
        () => null,
        (error: unknown) => error,
      );
      return { host, findings, refusal, left };
    });
    trial.equal([host.euid, host.sysAdmin, host.fullRoot], [USER, false, false], "who probed");
    trial.equal(left, [], "what the probe left");
    checkWords(trial, findings, `for uid ${USER}`);
    const missing = findings.filter((finding) => !finding.ok);
    for (const { feature, kind, fix } of missing)
      trial.ok(kind !== "prerequisite" || fix, `${feature}, which a person can change, has a fix`);
    trial.ok(
      missing.some(({ evidence }) => evidence.includes(`uid ${USER}`)),
      "a finding tells which user is short of a right",
    );
    if (supported(findings)) {
      trial.equal(refusal, null, "what the probe promises opens");
      return;
    }
    trial.ok(
      isStorageError(refusal, "DRIVER_UNSUPPORTED") || isStorageError(refusal, "NEEDS_NAMESPACE"),
      `opening is refused with DRIVER_UNSUPPORTED, not ${refusal}`,
    );
    const told = missing.filter(({ required }) => required).some(({ evidence }) => refusal.message.includes(evidence));
    trial.ok(told && refusal.hint, `with the probe's evidence and a hint: ${refusal.message}`);
  },
};
