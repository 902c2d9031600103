import { readdirSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { readTree, writeTree } from "../whiteout/tree-specs.ts";

const BAD = [
  "",
  ".",
  "..",
  "/",
  "a/b",
  "../x",
  "/etc",
  "x".repeat(65),
  "x".repeat(300),
  "nul\0",
  "\u00e9",
  ".wh.x",
  "-rf",
  "a b",
  "a:b",
  "new\nline",
];

export const layerIds: Check = {
  id: "LA25",
  title: "ids that could be a path, an option or a mark are refused; others are kept apart, by case too",
  cites: ["core/ids.ts", "aufs: `,` `:` `=` and .wh. cannot be said (measured)"],
  async run(trial: Trial) {
    const store = await trial.store();
    const layers = path.join(store.root, "layers");
    for (const id of BAD) {
      const shown = JSON.stringify(id.slice(0, 20));
      await trial.rejects(store.prepare({ id }), "BAD_ID", `prepare ${shown}`);
      for (const verb of ["get", "mount", "view", "commit", "remove", "usage", "explain"] as const) {
        await trial.rejects(Promise.resolve(store[verb](id)), "BAD_ID", `${verb} ${shown}`);
      }
      await trial.rejects(store.prepare({ parent: id }), "BAD_ID", `a child of ${shown}`);
    }
    trial.equal(readdirSync(layers), [], "what lies in the store after the refusals");
    await trial.rejects(store.get("nobody"), "NOT_FOUND", "an unknown id");
    await trial.rejects(store.prepare({ parent: "nobody" }), "PARENT_NOT_FOUND", "an unknown parent");

    const ids = ["abc", "ABC", "x".repeat(64), "0", "a-_1"];
    for (const id of ids) {
      const active = await store.prepare({ id });
      const mount = await active.mount();
      writeTree(mount.path, [`id=${id}`]);
      await mount.unmount();
      await active.commit({ durability: "none" });
      await trial.rejects(store.prepare({ id }), "EXISTS", `${id} a second time`);
    }
    for (const id of ids) trial.equal(await viewing(store, { id }, readTree), [`id=${id}`], `the view of ${id}`);
    trial.equal(
      (await store.list()).map((layer) => layer.id),
      ids,
      "the list, oldest first",
    );
  },
};
