import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
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

export const noBulkUnderLock: Check = {
  id: "PN13",
  title: "while another process imports thousands of files, or waits for the network, list, prepare and commit go on",
  cites: [
    "podman#16830, containers-storage: a chown of 50 s under the store's lock (container-libs#506)",
    "rules.md rule 5: no bulk I/O under a lock",
  ],
  needs: ["own-process"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => plantFile(root, "base"));
    const tree = trial.directoryFor("tree");
    for (let k = 0; k < 3000; k++) plantFile(tree, `d${k % 30}/f${k}`, "some content ".repeat(20));
    const importer = await spawnProgram(trial, "repeat-verb", store.root, ["import", tree]);
    importer.send("go");
    await importer.line();
    const started = performance.now();
    const imported = { yet: false };
    const over = importer.line().then(() => {
      imported.yet = true;
    });
    const took: number[] = [];
    while (!imported.yet) {
      const began = performance.now();
      await everydayVerbs(store, base.id);
      took.push(performance.now() - began);
    }
    await over;
    const bulkMs = performance.now() - started;
    const told = `${took.length} rounds of verbs, the slowest ${Math.max(...took).toFixed(0)} ms, in an import of ${bulkMs.toFixed(0)} ms`;
    trial.attach("what was measured", told);
    trial.ok(took.length >= 3, `the verbs are not held up by it: ${told}`);
    await importer.kill("SIGKILL");
    await store.gc();
    trial.equal(await viewing(store, base, readTree), ["base=base"], "the base afterwards");
  },
};
