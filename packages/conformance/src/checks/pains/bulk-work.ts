import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { spawnProgram } from "../../child/spawn-program.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, layerOn, sha256Of, viewing } from "../diff/layers.ts";
import { readTree } from "../whiteout/tree-specs.ts";

const TAR = archive(
  ROOT,
  directory("d"),
  ...Array.from({ length: 100 }, (_, k) => ({ path: `d/f${k}`, data: `content of ${k} `.repeat(300) })),
);

/** What an engine does all the time: it must not wait for somebody's pull. */
async function everydayVerbs(store: LayerStore, parent: string): Promise<void> {
  await store.list();
  const active = await store.prepare({ parent });
  {
    await using mount = await active.mount();
    writeFileSync(path.join(mount.path, "f"), "x");
  }
  await active.commit({ durability: "none" });
  await store.remove(active.id);
}

export const killedPull: Check = {
  id: "PN05",
  title:
    "a pull that hangs or is killed blocks nobody: the same archive can be applied, its parent used, then all swept",
  cites: ["podman#14003: a killed pull leaves a lock, and the next pull waits for ever", "KL01"],
  needs: ["own-process"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => plantFile(root, "base"));
    const file = path.join(trial.directoryFor("archive"), "layer.tar");
    writeFileSync(file, TAR);
    const puller = await spawnProgram(trial, "apply-and-wait", store.root, [file, base.id]);
    puller.send("go");
    trial.equal(await puller.line(), "half", "what the other process says in the midst of the archive");
    const staged = () => readdirSync(path.join(store.root, "staging")).filter((name) => !name.endsWith(".lock"));
    trial.equal(staged().length, 1, "layers in the making");
    trial.equal(
      (await store.list()).map(({ id }) => id),
      [base.id],
      "layers to be seen",
    );

    const { diffId, id } = await applied(store, base, TAR);
    trial.equal(diffId, sha256Of(TAR), "the same archive, applied meanwhile");
    await everydayVerbs(store, base.id);
    {
      // Opening and sweeping leave the living alone.
      const next = await trial.openStore("store");
      await next.gc();
    }
    trial.equal(staged().length, 1, "layers in the making after a sweep");
    await puller.kill("SIGKILL");
    await (await trial.openStore("store")).list();
    trial.equal(readdirSync(path.join(store.root, "staging")), [], "staging once the store was opened again");
    await store.remove(id);
    await store.remove(base.id);
  },
};

const FILES = 600;

export const noBulkUnderLock: Check = {
  id: "PN13",
  title: "a process stopped in the midst of copying a tree holds no lock: others list, prepare, mount, commit, remove",
  cites: [
    "podman#16830, container-libs#506: a chown of 50 s under the store's lock",
    "rules.md rule 5: no bulk I/O under a lock",
    "PN05 for an apply",
  ],
  needs: ["own-process"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => plantFile(root, "base"));
    const tree = trial.directoryFor("tree");
    for (let k = 0; k < FILES; k++) plantFile(tree, `d${k % 30}/f${k}`, "some content ".repeat(20));
    const importer = await spawnProgram(trial, "repeat-verb", store.root, ["import", tree]);
    importer.send("go");
    await importer.line();
    const copied = await stoppedWhileCopying(trial, importer.pid, path.join(store.root, "staging"));
    const before = (await store.list()).length;
    const began = performance.now();
    for (let round = 0; round < 3; round++) await everydayVerbs(store, base.id);
    await everydayVerbs(await trial.openStore("store"), base.id);
    trial.attach(
      "what was measured",
      `4 rounds of verbs in ${(performance.now() - began).toFixed(0)} ms, ${copied} names copied`,
    );
    trial.equal((await store.list()).length, before, "layers, the one in the making not among them");
    process.kill(importer.pid, "SIGCONT");
    await importer.line();
    await importer.kill("SIGKILL");
    await store.gc();
    trial.ok((await store.list()).length > before, "the import that was stopped came to its end");
    trial.equal(await viewing(store, base, readTree), ["base=base"], "the base afterwards");
  },
};

/** Gives how many names were there. */
async function stoppedWhileCopying(trial: Trial, pid: number, staging: string): Promise<number> {
  for (;;) {
    trial.signal.throwIfAborted();
    await sleep(1);
    if (!within(namesIn(staging))) continue;
    process.kill(pid, "SIGSTOP");
    // It may have come to the end of the copy, and into the short locked part, before it stopped.
    const copied = namesIn(staging);
    if (within(copied)) return copied;
    process.kill(pid, "SIGCONT");
  }
}

function within(names: number): boolean {
  return names > FILES / 10 && names < (FILES * 9) / 10;
}

function namesIn(directory: string): number {
  try {
    return readdirSync(directory, { recursive: true }).length;
  } catch {
    // It was published while we looked.
    return 0;
  }
}
