import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { isStorageError, supported } from "@copyup/core";
import { describeDirectory, makePrivate, mount2, unmount } from "@copyup/linux";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { mountLoopImage } from "../../scratch/loop-image.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { mountGround } from "../mounts/ground.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

/** Either the driver works there, deletions and replaced directories included, or it refuses beforehand and says why. */
export async function worksOrRefuses(trial: Trial, home: string, feature: RegExp): Promise<string | undefined> {
  const findings = await trial.driver.probe(describeDirectory(home), trial.host);
  const before = readdirSync(home);
  const root = path.join(home, "store");
  try {
    await using store = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
    trial.ok(supported(findings), "a store opens only where the probe finds everything");
    const base = await layerOn(store, null, (at) => writeTree(at, ["d/x=0", "d/y=0", "gone=0"]));
    const top = await layerOn(store, base, (at) => {
      for (const name of ["d", "gone"]) rmSync(path.join(at, name), { recursive: true });
      trial.equal(readdirSync(at), [], "names after deleting all");
      writeTree(at, ["d/new=1"]);
    });
    trial.equal(await viewing(store, top, readTree), ["d/new=1"], "the view");
    return undefined;
  } catch (error) {
    if (!isStorageError(error, "DRIVER_UNSUPPORTED")) throw error;
    const refusal = findings.find((finding) => finding.required && !finding.ok);
    trial.ok(refusal, "the probe refuses what the store refuses");
    trial.equal(refusal.kind, "unsuitable-fs", `kind of the refusal ${refusal.feature}`);
    trial.ok(
      feature.test(`${refusal.feature} ${refusal.evidence}`),
      `the probe says what is wrong: ${refusal.feature}: ${refusal.evidence}`,
    );
    trial.ok(refusal.fix, "the probe says what to do about it");
    trial.ok(feature.test(error.message), `the refusal carries the evidence: ${error.message}`);
    trial.equal(readdirSync(home), before, "names after the refusal");
    return "refused";
  }
}

export const withoutTypes: Check = {
  id: "LA26",
  title: "on a filesystem whose listings have no types the driver works, or its probe refuses",
  cites: [
    "overlayfs mounts it, whiteouts show up, rmdir gives ENOTEMPTY (measured)",
    "xfstests overlay/003",
    "moby#10294, moby#22937: xfs with ftype=0",
  ],
  deviations: { refused: "the driver needs d_type and refuses the filesystem before anything is written" },
  needs: ["root", "loop-image"],
  async run(trial: Trial) {
    const directory = trial.directoryFor("image");
    const target = trial.directoryFor("without-types");
    const image = mountLoopImage({
      file: path.join(directory, "image"),
      sizeBytes: 16 * 1024 * 1024,
      filesystem: "ext4",
      target,
      mkfs: ["-O", "^filetype"],
    });
    try {
      trial.equal(describeDirectory(target).dType, false, "the filesystem gives types");
      return await worksOrRefuses(trial, target, /d_type|DT_UNKNOWN/);
    } finally {
      image.close();
    }
  },
};

export const withoutXattrs: Check = {
  id: "LA27",
  title: "on a filesystem without xattrs (ramfs) the driver works, or its probe refuses",
  cites: ["overlayfs mounts it with four warnings, rm -r of a lower directory gives EIO (measured)"],
  deviations: { refused: "the driver needs xattrs and refuses the filesystem before anything is written" },
  needs: ["root"],
  async run(trial: Trial) {
    const target = trial.directoryFor("without-xattrs");
    mount2("ramfs", target, "ramfs", 0, "mode=0755");
    try {
      makePrivate(target);
      trial.equal(describeDirectory(target).xattrs, { user: false, trusted: false }, "xattrs that can be set");
      return await worksOrRefuses(trial, target, /xattr|trusted\.overlay/);
    } finally {
      unmount(target);
    }
  },
};

export const insideItself: Check = {
  id: "LA13",
  title: "a store inside a mount of the same driver works, or the probe refuses",
  cites: [
    "overlay as upper EINVAL, three levels EINVAL (measured on 5.10 to 7.2)",
    "xfstests overlay/022",
    "containerd#3144",
  ],
  deviations: {
    refused: "the driver cannot keep layers on a filesystem that it mounts itself, and refuses beforehand",
  },
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const outer = await store.mount(id);
    const outcome = await worksOrRefuses(trial, outer.path, /upper|branch/);
    await outer.unmount();
    return outcome;
  },
};
