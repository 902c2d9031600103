import { execFileSync } from "node:child_process";
import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import { archive, ROOT } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, exported, layerOn, viewing } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";
import { fuseMount } from "./fuse-mount.ts";

/** FA13 */
export const layerOnDeadServer: Check = {
  id: "FA13",
  title:
    "A layer whose filesystem answers no more: the other layers' verbs do not wait for it; its own end in an error",
  cites: [
    "catalogue.md FA13: dead NFS or FUSE below a layer",
    "containerd#1722, moby#41427: one unreachable NFS server, and no command answers",
    "the wait is the kernel's, in a system call: it ends when the connection is aborted (fs/fuse, fusectl)",
    "measured on 6.18",
  ],
  needs: ["root", "mount", "tool:fuse-overlayfs", "tool:cp"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, ["f=base"]));
    const hung = await layerOn(store, null, (root) => writeTree(root, ["f=hung", "d/x=hung"]));
    const copy = trial.directoryFor("copy");
    execFileSync("cp", ["-a", `${hung.body}/.`, copy], { stdio: "pipe" });
    {
      await using fuse = await fuseMount(trial, copy, hung.body);
      fuse.freeze();
      const rescue = await fuse.abortIn(60);
      const started = performance.now();
      const opener = await trial.openStore("store");
      for (const [who, at] of Object.entries({ "the opener": store, "another opener": opener })) {
        trial.equal((await at.list()).length, 2, `layers that ${who} lists`);
        trial.equal(await viewing(at, base, readTree), ["f=base"], `the view of another layer (${who})`);
        const above = await applied(at, base, archive(ROOT, { path: "n", data: "1" }));
        await exported(at, above);
        {
          await using active = await at.prepare({ parent: above.id });
          trial.equal(await viewing(at, active, readTree), ["f=base", "n=1"], `a layer on it (${who})`);
        }
        await at.remove(above.id);
      }
      const waited = performance.now() - started;
      // Who waits does so until the rescue; an emulated processor beside others took 3 s.
      trial.ok(waited < 45_000, `the other layers' verbs did not wait: ${Math.round(waited)} ms`);
      await rescue.kill();
      // From here on this process waits, in the kernel, for the daemon.
      await fuse.abortIn(0.7);
      const verbs: Record<string, () => Promise<unknown>> = {
        view: () => viewing(store, hung, readTree),
        diff: () => exported(store, hung),
        "prepare and mount": async () => {
          await using active = await store.prepare({ parent: hung.id });
          return await viewing(store, active, readTree);
        },
      };
      for (const [verb, act] of Object.entries(verbs)) {
        const error = await failureOf(act());
        trial.ok(isStorageError(error), `${verb} of the layer ends in a StorageError, not ${error}`);
      }
      trial.equal(await store.mounts(), [], "mounts after the failed verbs");
    }
    trial.equal(await viewing(store, hung, readTree), ["d/x=hung", "f=hung"], "its view, once the directory answers");
  },
};
