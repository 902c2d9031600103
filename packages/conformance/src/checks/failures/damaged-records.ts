import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { type LayerStore, openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, viewOf } from "../diff/layers.ts";
import { failureOf } from "../hostile/ground.ts";

/** FA10 */
export const layerRemovedByHand: Check = {
  id: "FA10",
  title: "A layer whose directory or record was removed by hand: the error names it, the other layers stay usable",
  cites: ["catalogue.md FA10", "podman#5986, podman#12337: one bad record, no images at all"],
  async run(trial: Trial) {
    const root = `${trial.directoryFor("hand")}/store`;
    const { base, child, other } = await threeLayers(trial, root);
    rmSync(`${root}/layers/${child}/layer.json`);
    {
      await using store = await openStore({ root, driver: trial.driver });
      await names(trial, store, child, "a layer without its record", ["CORRUPT"]);
      await usable(trial, store, [base, other]);
      const { problems } = await store.check();
      trial.ok(
        problems.some((p) => p.layer === child),
        "check names the layer without its record",
      );
      trial.equal(
        problems.filter((p) => p.layer === other || p.layer === base),
        [],
        "check finds the others good",
      );
    }
    rmSync(`${root}/layers/${child}`, { recursive: true });
    rmSync(`${root}/layers/${base}`, { recursive: true });
    await using store = await openStore({ root, driver: trial.driver });
    await names(trial, store, base, "a layer that is gone", ["NOT_FOUND"]);
    await usable(trial, store, [other]);
    await trial.rejects(store.prepare({ parent: base }), "PARENT_NOT_FOUND", "prepare on a layer that is gone");
  },
};

/** FA11 */
export const recordDamaged: Check = {
  id: "FA11",
  title:
    "A truncated, empty or garbled layer.json: CORRUPT naming the layer; the store opens and the others stay usable",
  cites: ["catalogue.md FA11", "podman#12337, moby#42978: torn metadata after a crash"],
  async run(trial: Trial) {
    const root = `${trial.directoryFor("damaged")}/store`;
    const { base, child, other } = await threeLayers(trial, root);
    const file = `${root}/layers/${child}/layer.json`;
    const good = readFileSync(file, "utf8");
    const damages: [string, () => void][] = [
      ["empty", () => truncateSync(file, 0)],
      ["cut in half", () => truncateSync(file, good.length >> 1)],
      ["zeros", () => writeFileSync(file, Buffer.alloc(good.length))],
      ["garbage", () => writeFileSync(file, Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 37) & 255)))],
      ["another type", () => writeFileSync(file, "[]")],
      ["another layer's", () => writeFileSync(file, readFileSync(`${root}/layers/${other}/layer.json`))],
      ["a bad state", () => writeFileSync(file, good.replace('"committed"', '"half"'))],
      ["a parent outside", () => writeFileSync(file, good.replace(`"parent": "${base}"`, '"parent": "../../x"'))],
    ];
    for (const [what, damage] of damages) {
      damage();
      trial.ok(readFileSync(file, "utf8") !== good, `${what}: the record is really damaged`);
      await using store = await openStore({ root, driver: trial.driver });
      await names(trial, store, child, what, ["CORRUPT"]);
      await usable(trial, store, [base, other]);
      const { problems } = await store.check({ repair: true });
      trial.ok(
        problems.some((p) => p.layer === child && p.kind === "bad-record" && !p.repaired),
        `${what}: check names it and leaves it`,
      );
      await using next = await store.prepare({ parent: base });
      trial.ok(next.id, `${what}: a new layer can be made`);
    }
    writeFileSync(file, good);
    await using store = await openStore({ root, driver: trial.driver });
    await usable(trial, store, [base, child, other]);
  },
};

async function threeLayers(trial: Trial, root: string): Promise<Record<"base" | "child" | "other", string>> {
  await using store = await openStore({ root, driver: trial.driver, create: true });
  const base = await layerOn(store, null, (at) => plantFile(at, "in-base"));
  const child = await layerOn(store, base, (at) => plantFile(at, "in-child"));
  const other = await layerOn(store, null, (at) => plantFile(at, "in-other"));
  return { base: base.id, child: child.id, other: other.id };
}

/** Every verb on the bad layer is refused with a code of its own and with its id. */
async function names(
  trial: Trial,
  store: LayerStore,
  id: string,
  what: string,
  codes: readonly string[],
): Promise<void> {
  const verbs: Record<string, () => Promise<unknown>> = {
    get: () => store.get(id),
    view: () => store.view(id),
    diff: () => exported(store, { id }),
    usage: () => store.usage(id),
  };
  for (const [verb, run] of Object.entries(verbs)) {
    const error = await failureOf(run());
    trial.ok(isStorageError(error) && codes.includes(error.code), `${what}: ${verb} says ${codes}, not ${error}`);
    trial.ok(`${error.message} ${error.layer}`.includes(id), `${what}: ${verb} names the layer in "${error.message}"`);
  }
}

async function usable(trial: Trial, store: LayerStore, ids: readonly string[]): Promise<void> {
  const listed = (await store.list()).map((layer) => layer.id);
  for (const id of ids) {
    trial.ok(listed.includes(id), `${id} is listed`);
    trial.ok((await viewOf(store, { id })).size > 1, `${id} can be seen`);
    trial.ok((await exported(store, { id })).length > 1024, `${id} can be exported`);
  }
}
