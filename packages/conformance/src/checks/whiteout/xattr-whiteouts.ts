import { mkdirSync, writeFileSync } from "node:fs";
import type { Layer } from "@copyup/core";
import { setXattr } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, viewing } from "../diff/layers.ts";
import { readTree, type TreeSpec, writeTree } from "./tree-specs.ts";

const BASE = ["d/hidden=0", "d/kept=0", "hidden=0", "kept=0"];
const HIDDEN = ["d/kept=0", "kept=0"];

export const xattrWhiteouts: Check = {
  id: "WH20",
  title: "a whiteout that is an xattr (overlay in overlay makes such) hides its name, in the view and in the diff",
  restsOn: ["xattrs"],
  cites: [
    'overlayfs.rst, "whiteouts and opaque directories": xattr whiteouts, kernel 6.7',
    "fuse-overlayfs 1.10 shows the file (measured)",
    "measured on 6.18",
  ],
  deviations: { "not-understood": "the mount shows the whiteout as an empty file" },
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => writeTree(root, BASE));
    const layer = await layerOn(store, base, (root) => writeTree(root, ["hidden=", "d/hidden="]));
    markByHand(trial, store, layer);
    const above = await store.prepare({ parent: layer.id });
    const views = [await viewing(store, layer, readTree), await viewing(store, above, readTree)];
    const { dialect } = layer;
    // In a layer that is written in no overlay's way the same xattrs are just xattrs.
    const hides = dialect === "overlay-trusted" || dialect === "overlay-user";
    const plain: TreeSpec[] = ["d/hidden=", "d/kept=0", "hidden=", "kept=0"];
    if (hides && views.every((view) => view.join() === plain.join())) return "not-understood";
    trial.equal(views, hides ? [HIDDEN, HIDDEN] : [plain, plain], "the layer's view, and that of a layer on it");
    const written = pathsOf(readCanonical(await exported(store, layer))).filter((path) => path.includes("hidden"));
    const said = hides ? ["d/.wh.hidden", ".wh.hidden"] : ["d/hidden", "hidden"];
    trial.equal(written.sort(), said.sort(), "what the diff says of the two names");
    await using mount = await above.mount();
    writeTree(mount.path, ["hidden=new"]);
    trial.ok(readTree(mount.path).includes("hidden=new"), "a new file in its place");
    return;
  },
};

/** As overlayfs.rst has it: `whiteout` on an empty file, and `opaque=x` on the directories that hold such and on the root. */
function markByHand(trial: Trial, store: LayerStore, layer: Layer): void {
  const { dir, dialect } = store.access(layer);
  const user = dialect === "overlay-user" || !trial.host.fullRoot;
  const prefix = user ? "user.overlay." : "trusted.overlay.";
  const probe = trial.directoryFor("plain");
  writeFileSync(`${probe}/f`, "");
  mkdirSync(`${probe}/d`);
  const refused = trial.errno(() => setXattr(`${probe}/f`, `${prefix}whiteout`, "y"));
  if (refused !== null) trial.skip(`${trial.directory.filesystem} keeps no ${prefix}* (${refused})`);
  for (const directory of ["", "/d"]) {
    setXattr(`${dir}${directory}`, `${prefix}opaque`, "x");
    setXattr(`${dir}${directory}/hidden`, `${prefix}whiteout`, "y");
  }
}
