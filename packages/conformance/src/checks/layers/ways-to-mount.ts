import { isStorageError } from "@copyup/core";
import {
  type CarriedOut,
  carryOut,
  daemonEnded,
  isSystemError,
  OVERLAY_RUNGS,
  overlaySupport,
  unmount,
} from "@copyup/linux";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { treeLines } from "../diff/read-tree.ts";
import { mountGround, mountsAt } from "../mounts/ground.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

export const waysToMount: Check = {
  id: "LA21",
  title:
    "a layer's directories given by descriptor, string, option or number: each way that the kernel has shows one tree",
  cites: [
    "overlayfs.rst, fsconfig with FSCONFIG_SET_FD: kernel 6.13, lowerdir+ 6.8",
    "docs/decisions/0020",
    "measured on 6.18",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    let expected: string[];
    let names: string[];
    {
      await using mount = await store.mount(id);
      writeTree(mount.path, ["d/y=upper", "n=upper"]);
      names = readTree(mount.path);
    }
    {
      // As it is when all that was written has arrived: a FUSE mount shows a file's time anew when its pages are written.
      await using mount = await store.mount(id);
      trial.equal(readTree(mount.path), names, "the tree, mounted again");
      expected = treeLines(mount.path);
    }
    const plan = await store.explain(id, "rw");
    const support: Record<string, { ok: boolean }> = { ...overlaySupport() };
    for (const rung of OVERLAY_RUNGS) {
      const target = trial.directoryFor(rung);
      let carried: CarriedOut;
      try {
        carried = carryOut(plan, target, { rung });
      } catch (error) {
        if (!isStorageError(error) && !isSystemError(error)) throw error;
        trial.equal(support[rung]?.ok, false, `${rung}, refused with ${error.message}`);
        continue;
      }
      if (plan.steps.some((step) => step.type === "path")) continue;
      const { path } = carried;
      trial.equal(path, target, "where it is mounted");
      try {
        trial.equal(treeLines(target), expected, `the tree, mounted by ${rung}`);
        trial.equal(mountsAt(target).length, 1, `mounts at the target (${rung})`);
        if (carried.daemon === null) {
          writeTree(target, ["n=upper"]);
          expected = treeLines(target);
        }
      } finally {
        unmount(target);
        if (carried.daemon !== null) trial.ok(await daemonEnded(carried.daemon, 10_000), "the daemon has ended");
      }
    }
  },
};
