import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { AT_FDCWD, check, chmodAt, libc, O_APPEND, O_CREAT, O_WRONLY, openAt, withFd, writeFd } from "@copyup/linux";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { canMakeImages } from "../../scratch/index.ts";
import { mountLoopImage, pathWithSbin } from "../../scratch/loop-image.ts";
import { archive, ROOT } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";

const MEGABYTE = 2 ** 20;

/** FA08 */
export const quotaExceeded: Check = {
  id: "FA08",
  title: "Over a quota: a write is EDQUOT or works, what it was to change is as it was, reads work, verbs say NO_SPACE",
  cites: [
    "catalogue.md FA08",
    "moby graphtest SetQuota",
    "btrfs-qgroup(8): of the quotas this suite can make, the one that needs no option of the kernel's",
    "measured on 6.18",
  ],
  deviations: {
    refused:
      "the driver keeps no layers on btrfs, which has the only quota that this suite can make, and says so (aufs)",
    "written-late":
      "write succeeds, close is EIO and fsync EDQUOT: pages are written later (fuse-overlayfs with its writeback cache)",
    "removal-needs-space": "removing a file needs space: over the quota it is EDQUOT (fuse-overlayfs)",
  },
  needs: ["root", "mount", "loop-image", "tool:btrfs", "tool:mkfs.btrfs"],
  async run(trial: Trial) {
    if (!canMakeImages("btrfs")) trial.skip("no btrfs image can be made here");
    const target = trial.directoryFor("btrfs");
    const file = `${trial.directoryFor("image")}/image`;
    const image = mountLoopImage({ file, sizeBytes: 192 * MEGABYTE, filesystem: "btrfs", target });
    try {
      const limited = limitedSubvolume(trial, target, 12);
      const opening = openStore({ root: `${limited}/store`, driver: trial.driver, create: true });
      const unsuitable = await failureOf(opening);
      if (isStorageError(unsuitable, "DRIVER_UNSUPPORTED")) return "refused";
      await using store = await opening;
      const content = Buffer.alloc(3 * MEGABYTE, "content of the parent ");
      const base = await layerOn(store, null, (root) => plantFile(root, "large", content));
      const { id } = await store.prepare({ parent: base.id });
      const mount = await store.mount(id);
      const grown = trial.errno(() => append(`${mount.path}/grows`, Buffer.alloc(16 * MEGABYTE, "x")));
      if (grown === null) {
        const synced = trial.errno(() =>
          withFd(openAt(AT_FDCWD, `${mount.path}/grows`, O_WRONLY), (fd) => check(libc.fsync(fd), "fsync")),
        );
        trial.equal(synced, "EDQUOT", "fsync after 16 MiB in a quota of 12");
        trial.ok(readFileSync(`${mount.path}/large`).equals(content), "the parent's file reads as before");
        await mount.unmount();
        return "written-late";
      }
      trial.equal(grown, "EDQUOT", "16 MiB in a quota of 12");
      writeUntilFull(trial, `${mount.path}/grows-too`);
      const chmod = trial.errno(() => chmodAt(AT_FDCWD, `${mount.path}/large`, 0o600));
      trial.ok(chmod === null || chmod === "EDQUOT", `chmod of the parent's file is done or EDQUOT, not ${chmod}`);
      const mode = lstatSync(`${mount.path}/large`).mode & 0o777;
      trial.equal(mode, chmod === null ? 0o600 : 0o644, "the mode after it");
      trial.ok(readFileSync(`${mount.path}/large`).equals(content), "the parent's file reads as before");
      const tar = archive(ROOT, { path: "big", data: Buffer.alloc(4 * MEGABYTE, "y") });
      const refused = await failureOf(store.apply([tar], { parent: base.id, durability: "none" }));
      trial.ok(isStorageError(refused, "NO_SPACE"), `apply says NO_SPACE, not ${refused}`);
      trial.equal((await store.list()).length, 2, "layers after the refused apply");
      const removed = trial.errno(() => {
        for (const name of ["grows", "grows-too"]) rmSync(`${mount.path}/${name}`, { force: true });
      });
      if (removed === "EDQUOT") {
        await mount.unmount();
        await store.commit(id);
        return "removal-needs-space";
      }
      trial.equal(removed, null, "removing what has filled the quota");
      execFileSync("btrfs", ["filesystem", "sync", target], { stdio: "pipe", env: pathWithSbin() });
      writeFileSync(`${mount.path}/small`, "fits");
      await mount.unmount();
      await store.commit(id);
      return undefined;
    } finally {
      image.close();
    }
  },
};

/** A subvolume that may hold so much. Ends the check where the kernel's quota groups do not hold back a plain file. */
function limitedSubvolume(trial: Trial, root: string, megabytes: number): string {
  const btrfs = (...args: string[]) => execFileSync("btrfs", args, { stdio: "pipe", env: pathWithSbin() });
  const path = `${root}/limited`;
  try {
    btrfs("quota", "enable", root);
    btrfs("subvolume", "create", path);
    btrfs("qgroup", "limit", `${megabytes}M`, path);
  } catch (error) {
    trial.skip(`no btrfs quota here: ${(error as { stderr?: Buffer }).stderr?.toString().trim() || error}`);
  }
  const plain = trial.errno(() => append(`${path}/plain`, Buffer.alloc((megabytes + 4) * MEGABYTE, "x")));
  if (plain !== "EDQUOT") trial.skip(`a plain file grows beyond the quota (${plain})`);
  rmSync(`${path}/plain`);
  btrfs("filesystem", "sync", root);
  return path;
}

/** node:fs has no name for EDQUOT. */
function append(path: string, bytes: Buffer): void {
  withFd(openAt(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0o644), (fd) => writeFd(fd, bytes));
}

function writeUntilFull(trial: Trial, path: string): void {
  const piece = Buffer.alloc(64 * 1024, "z");
  for (let written = 0; written < 64 * MEGABYTE; written += piece.length) {
    const errno = trial.errno(() => append(path, piece));
    if (errno !== null) {
      trial.equal(errno, "EDQUOT", "writing on until the quota is met");
      return;
    }
  }
  trial.ok(false, "64 MiB were written, and no quota met");
}
