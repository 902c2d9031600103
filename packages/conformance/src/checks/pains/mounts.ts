import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bindMount, mountsBelow, unmount } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { spawnProgram } from "../../child/spawn-program.ts";
import type { Trial } from "../../trial/trial.ts";
import { eventually, mountGround, openFileIn, saysAll } from "../mounts/ground.ts";

export const leakedMount: Check = {
  id: "PN01",
  title: "a mount left by a killed process and held by another: remove names the holder, and works once it is gone",
  cites: ["moby#34652, moby#33638, moby#34948: device or resource busy, and nobody knows by whom", "UM01 and KL05"],
  needs: ["mount", "own-process"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const target = trial.directoryFor("target");
    const mounter = await spawnProgram(trial, "mount-and-wait", store.root, [id, target]);
    mounter.send("go");
    trial.equal(await mounter.line(), target, "where the other process mounted it");
    const alive = await trial.rejects(store.remove(id), "LAYER_IN_USE", "remove while the mounter lives");
    saysAll(trial, alive, [target]);
    const holder = await openFileIn(trial, path.join(target, "f"));
    await mounter.kill("SIGKILL");
    const busy = await trial.rejects(
      store.remove(id),
      "LAYER_IN_USE",
      "remove while a file is open in the leaked mount",
    );
    saysAll(trial, busy, [holder.pid, "(sh)"]);
    trial.equal(existsSync(path.join(target, "f")), true, "the mount after the refusal");
    await holder.kill();
    // Nobody has to clean up by hand: the dead process's mount goes when the store is next asked.
    await eventually(() => store.remove(id));
    trial.equal(mountsBelow(target), [], "mounts left");
    trial.equal(await store.mounts(), [], "mounts the store knows of");
  },
};

export const foreignMountSurvives: Check = {
  id: "PN02",
  title: "what somebody mounted inside a layer, in staging or in the trash is never removed with it",
  cites: [
    "containerd#10704: a recursive remove went through a mount that had failed to unmount, and deleted live data",
    "rules.md rule 4: nothing is removed across a mount boundary",
    "UM04 for a mount inside a mount",
  ],
  needs: ["mount"],
  async run(trial: Trial) {
    const { store, id } = await mountGround(trial);
    const precious = trial.directoryFor("precious");
    mkdirSync(path.join(precious, "deep"));
    for (const name of ["canary", "deep/canary"]) writeFileSync(path.join(precious, name), "alive");
    const { dir } = store.access(await store.get(id));
    const dead = path.join(store.root, "staging/0123456789abcdef");
    const buried = path.join(store.root, "trash/0123456789abcdef");
    for (const place of [path.join(dir, "inside"), path.join(dead, "body/inside"), path.join(buried, "body/inside")]) {
      const where = path.relative(store.root, place);
      mkdirSync(place, { recursive: true });
      bindMount(precious, place, false);
      try {
        if (place.startsWith(dir)) {
          const refused = await trial.rejects(store.remove(id), "LAYER_IN_USE", `remove with a mount at ${where}`);
          saysAll(trial, refused, [place]);
        } else {
          await store.gc();
          const { problems } = await store.check({ repair: true });
          trial.ok(
            problems.some((problem) => !problem.repaired && where.startsWith(problem.kind)),
            `check tells what it cannot clear at ${where}: ${JSON.stringify(problems)}`,
          );
        }
        trial.equal(readdirSync(precious).sort(), ["canary", "deep"], `the canary's directory, mounted at ${where}`);
        trial.equal(readdirSync(path.join(precious, "deep")), ["canary"], `and below it, mounted at ${where}`);
      } finally {
        unmount(place);
      }
      await store.gc();
    }
    await store.remove(id);
    trial.equal([existsSync(dead), existsSync(buried)], [false, false], "what was dead, once nothing is mounted in it");
    trial.equal(readdirSync(precious).sort(), ["canary", "deep"], "the canary's directory at the end");
  },
};
