import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { isStorageError, supported } from "@copyup/core";
import { describeDirectory, isSystemError, mount2, unmount } from "@copyup/linux";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { mountLoopImage } from "../../scratch/index.ts";
import type { Trial } from "../../trial/trial.ts";
import { failureOf } from "../hostile/ground.ts";
import { worksOrRefuses } from "../layers/unsuitable.ts";

export const notSupported: Check = {
  id: "PN08",
  title: "`driver not supported` is never all: the refusal carries what was tried, the kernel's answer and a fix",
  cites: ["moby#15651: error initializing graphdriver: driver not supported", "FA14 for the probe's words"],
  needs: ["root"],
  async run(trial: Trial) {
    const home = trial.directoryFor("ramfs");
    mount2("copyup-ramfs", home, "ramfs", 0, "mode=0755");
    try {
      const findings = await trial.driver.probe(describeDirectory(home), trial.host);
      trial.ok(findings.length > 0, "the probe tells what it looked at");
      const root = path.join(home, "store");
      const error = await failureOf(
        (async () => {
          await using store = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
          await store.list();
        })(),
      );
      trial.equal(error === null, supported(findings), "opening a store agrees with the probe");
      if (error === null) return;
      trial.ok(isStorageError(error, "DRIVER_UNSUPPORTED"), `DRIVER_UNSUPPORTED, not ${error}`);
      trial.ok(
        error.message.includes(trial.driver.name) && error.message.includes(home),
        `who and where: ${error.message}`,
      );
      trial.ok(/ramfs|xattr|user\.|trusted\./.test(error.message), `what is wrong there: ${error.message}`);
      trial.ok((error.hint ?? "").length > 10, `what to do: ${error.hint}`);
      trial.equal(readdirSync(home), [], "what the refusal leaves behind");
    } finally {
      unmount(home);
    }
  },
};

export const overlayBelow: Check = {
  id: "PN09",
  title: "a store inside a container's overlay works, or the probe says that it is an overlay and offers the next best",
  cites: ["containerd#3144: overlayfs on overlayfs, `invalid argument`", "LA13 for the driver's own mounts"],
  deviations: { refused: "the driver cannot keep layers on an overlay, and says so beforehand" },
  needs: ["root"],
  async run(trial: Trial) {
    const home = trial.directoryFor("container");
    for (const name of ["lower", "upper", "work", "merged"]) mkdirSync(path.join(home, name));
    const merged = path.join(home, "merged");
    try {
      const [lower, upper, work] = ["lower", "upper", "work"].map((name) => path.join(home, name));
      mount2("overlay", merged, "overlay", 0, `lowerdir=${lower},upperdir=${upper},workdir=${work}`);
    } catch (error) {
      if (isSystemError(error)) trial.skip(`there is no overlay to put a store on: ${error.message}`);
      throw error;
    }
    try {
      const outcome = await worksOrRefuses(trial, merged, /overlay/);
      if (outcome === "refused") {
        const findings = await trial.driver.probe(describeDirectory(merged), trial.host);
        const fix = findings.find((finding) => finding.required && !finding.ok)?.fix ?? "";
        trial.ok(/plain-copy|volume|tmpfs|fuse/.test(fix), `the next best is offered: ${fix}`);
      }
      return outcome;
    } finally {
      unmount(merged);
    }
  },
};

export const withoutFileTypes: Check = {
  id: "PN10",
  title: "xfs with ftype=0: a deletion made there is really gone, or the driver refuses the filesystem",
  cites: ["moby#10294, moby#22937: xfs with ftype=0, deleted files come back", "LA26 on ext4"],
  deviations: { refused: "the driver needs d_type and refuses the filesystem before anything is written" },
  needs: ["root", "loop-image"],
  async run(trial: Trial) {
    const directory = trial.directoryFor("image");
    const target = trial.directoryFor("without-types");
    // Version 4 of xfs, the only one without types, is off in many kernels (XFS_SUPPORT_V4) and newer mkfs.xfs: then ext4 does.
    const tries = [
      { filesystem: "xfs", mkfs: ["-m", "crc=0", "-n", "ftype=0"], sizeBytes: 320 * 2 ** 20 },
      { filesystem: "ext4", mkfs: ["-O", "^filetype"], sizeBytes: 16 * 2 ** 20 },
    ] as const;
    for (const { filesystem, mkfs, sizeBytes } of tries) {
      let image: ReturnType<typeof mountLoopImage>;
      try {
        image = mountLoopImage({ file: path.join(directory, filesystem), filesystem, mkfs, sizeBytes, target });
      } catch (error) {
        if (!isStorageError(error)) throw error;
        trial.attach(`no ${filesystem} without types here`, error.message);
        continue;
      }
      try {
        trial.equal(describeDirectory(target).dType, false, `${filesystem} gives types`);
        return await worksOrRefuses(trial, target, /d_type|DT_UNKNOWN/);
      } finally {
        image.close();
      }
    }
    return trial.skip("neither xfs with ftype=0 nor ext4 without filetype can be made and mounted here");
  },
};
