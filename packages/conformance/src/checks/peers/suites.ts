import { chownSync, lstatSync } from "node:fs";
import path from "node:path";
import { getXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { giveAttributes, plantDirectory, plantFile } from "../../tree/plant.ts";
import { settableXattrs } from "../../tree/settable-xattrs.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn, viewing } from "../diff/layers.ts";
import { writeTree } from "../whiteout/tree-specs.ts";
import { SUITE } from "./cites.ts";

export const closeTwice: Check = {
  id: "CD08",
  title: "a store that was used can be closed twice, and what is done with it afterwards harms nobody",
  cites: [`${SUITE} CloseTwice`],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, ["a=0"]));
    await using other = await trial.openStore("store");
    const mount = await store.view(base.id);
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await mount.unmount().catch(() => {});
    trial.equal(await other.mounts(), [], "mounts the other opener knows of");
    trial.equal(
      (await other.list()).map(({ id }) => id),
      [base.id],
      "layers",
    );
    await other.remove(base.id);
  },
};

export const updateLabels: Check = {
  id: "CD09",
  title: "labels are set, replaced and taken away one by one, by two openers, on active and committed layers",
  cites: [`${SUITE} Update, StatActive, StatCommitted`],
  async run(trial: Trial) {
    const store = await trial.store();
    const other = await trial.openStore("store");
    const base = await layerOn(store, null, (root) => writeTree(root, ["a=0"]));
    await using active = await store.prepare({ parent: base.id, labels: { a: "1", b: "2" } });
    const told = async (id: string) => ({ ...(await other.get(id)).labels });
    trial.equal(await told(active.id), { a: "1", b: "2" }, "labels given with prepare");
    await store.setLabels(active.id, { b: null, c: 'ü\n="' });
    trial.equal(await told(active.id), { a: "1", c: 'ü\n="' }, "labels after an update");
    await Promise.all(
      Array.from({ length: 8 }, (_, k) => (k % 2 ? store : other).setLabels(base.id, { [`k${k}`]: String(k) })),
    );
    trial.equal(Object.keys(await told(base.id)).length, 8, "labels after eight updates at once");
    const committed = await active.commit({ durability: "none", labels: { a: "3" } });
    trial.equal({ ...committed.labels }, { a: "3", c: 'ü\n="' }, "labels after the commit");
    trial.equal([committed.state, committed.parent], ["committed", base.id], "what the record says");
    await trial.rejects(store.setLabels("nobody", { a: "1" }), "NOT_FOUND", "labels of an unknown layer");
  },
};

const VALUE = Buffer.from([0, 1, 0x3d, 0x0a, 0xff]);

export const echo: Check = {
  id: "CD10",
  title: "owners and xattrs of a file and a directory go through four layers, each changing one of them",
  restsOn: ["xattrs"],
  cites: ["containers/storage drivers/graphtest, DriverTestEcho", "CU02 and CU03 for one copy-up"],
  needs: ["root"],
  async run(trial: Trial) {
    const store = await trial.store();
    const kind = settableXattrs(trial);
    const [a, b] = [`${kind}.a`, `${kind}.b`];
    const told = (root: string) =>
      ["d", "d/f"].map((name) => {
        const at = path.join(root, name);
        const { uid, gid } = lstatSync(at);
        const xattrs = [a, b, "trusted.c"].map((key) => getXattr(at, key)?.toString("latin1") ?? null);
        return [`${uid}:${gid}`, ...xattrs];
      });
    const steps: [edit: (root: string) => void, expected: (string | null)[]][] = [
      [
        (root) => {
          const attributes = { uid: 7, gid: 8, xattrs: { [a]: VALUE } };
          plantFile(root, "d/f", "x", attributes);
          plantDirectory(root, "d", attributes);
        },
        ["7:8", VALUE.toString("latin1"), null, null],
      ],
      [(root) => each(root, (at) => giveAttributes(at, { xattrs: { [b]: "two" } })), ["7:8", "", "two", null]],
      [(root) => each(root, (at) => chownSync(at, 70000, 80000)), ["70000:80000", "", "two", null]],
      [
        (root) => each(root, (at) => giveAttributes(at, { xattrs: { "trusted.c": "three" } })),
        ["70000:80000", "", "two", "three"],
      ],
    ];
    let parent = null;
    for (const [step, [edit, expected]] of steps.entries()) {
      parent = await layerOn(store, parent, edit);
      const row = expected.map((value, at) => (at === 1 ? VALUE.toString("latin1") : value));
      trial.equal(await viewing(store, parent, told), [row, row], `layer ${step}`);
    }
  },
};

function each(root: string, act: (at: string) => void): void {
  for (const name of ["d", "d/f"]) act(path.join(root, name));
}
