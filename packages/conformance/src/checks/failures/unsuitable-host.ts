import { type Finding, type Host, isStorageError, supported } from "@copyup/core";
import { describeDirectory, mount2, unmount } from "@copyup/linux";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";
import { ext4Image } from "./small-filesystem.ts";

/** FA04 */
export const probeTellsWhy: Check = {
  id: "FA04",
  title:
    "Where a driver cannot work its probe says what is missing, with evidence, and opening a store is refused with it",
  cites: [
    "catalogue.md FA04, LA26, LA27",
    "moby#15651: driver not supported",
    "moby#10294: a filesystem without d_type",
  ],
  needs: ["root", "mount", "loop-image"],
  async run(trial: Trial) {
    const { driver, host } = trial;
    const here = await driver.probe(trial.directory, host);
    trial.ok(supported(here), "the driver works on the scratch directory");
    checkWords(trial, here, "here");

    // The running kernel cannot be made to forget a filesystem, but what a driver is told of the host can.
    const needed = neededFilesystems(here);
    const poor: Host = { ...host, filesystems: host.filesystems.filter((name) => name === "ext4" || name === "tmpfs") };
    const findings = await driver.probe(trial.directory, poor);
    checkWords(trial, findings, "on a kernel with ext4 and tmpfs only");
    if (needed) {
      // Not listed may still be a module: a probe that asks the kernel is right to believe its answer.
      const told = findings.find((f) => f.required && f.evidence.includes("not in /proc/filesystems"));
      trial.ok(told, "the evidence tells that the driver's filesystem is not in /proc/filesystems");
      trial.ok(
        told.ok || (told.kind === "unsupported" && told.fix),
        "and calls it unsupported, unless the kernel has it",
      );
    } else {
      trial.ok(supported(findings), "a driver that needs no filesystem of its own works there");
    }

    const ramfs = trial.directoryFor("ramfs");
    mount2("copyup-ramfs", ramfs, "ramfs", 0, "");
    try {
      await probedAsOpened(trial, ramfs, "ramfs, which keeps no xattrs");
    } finally {
      unmount(ramfs);
    }
    using noTypes = ext4Image(trial, 16, "-O", "^filetype");
    await probedAsOpened(trial, noTypes.path, "ext4 without d_type");
  },
};

function neededFilesystems(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.required && /\/proc\/filesystems/.test(finding.evidence));
}

/** Each finding has its evidence, and what is missing and can be changed a fix. */
export function checkWords(trial: Trial, findings: readonly Finding[], where: string): void {
  trial.ok(findings.length > 0, `${where}: a finding at least`);
  for (const { feature, ok, required, evidence, fix, kind } of findings) {
    trial.ok(evidence.length > 10, `${where}: ${feature} has evidence, not "${evidence}"`);
    if (!ok && required)
      trial.ok(kind === "unsupported" || fix, `${where}: what is missing and can be changed (${feature}) has a fix`);
  }
}

/** What the probe says of a filesystem must be what a store there does: works, or DRIVER_UNSUPPORTED with that evidence. */
async function probedAsOpened(trial: Trial, path: string, what: string): Promise<void> {
  const findings = await trial.driver.probe(describeDirectory(path), trial.host);
  checkWords(trial, findings, what);
  const opened = openStore({ root: `${path}/store`, driver: trial.driver, create: true });
  if (supported(findings)) {
    await using store = await opened;
    const base = await layerOn(store, null, (root) => plantFile(root, "f"));
    const child = await layerOn(store, base, (root) => plantFile(root, "g"));
    await using view = await store.view(child.id);
    trial.ok(view.path, `${what}: found good, and a layer on a layer can be seen`);
    return;
  }
  const error = await failureOf(opened);
  trial.ok(
    isStorageError(error, "DRIVER_UNSUPPORTED"),
    `${what}: opening is refused with DRIVER_UNSUPPORTED, not ${error}`,
  );
  const bad = findings.filter((finding) => finding.required && !finding.ok);
  trial.ok(
    bad.some((finding) => withoutPaths(error.message).includes(withoutPaths(finding.evidence))),
    `${what}: "${error.message}" holds the probe's evidence`,
  );
  trial.ok(error.hint, `${what}: and a hint`);
}

/** The probe and the store ask about different directories of the same filesystem. */
function withoutPaths(text: string): string {
  return text.replace(/\/\S+/g, "PATH");
}
