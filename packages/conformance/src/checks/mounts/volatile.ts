import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { editWithOptions } from "../layers/foreign-options.ts";
import { readTree } from "../whiteout/tree-specs.ts";
import { mountGround } from "./ground.ts";

export const volatileLayer: Check = {
  id: "UM15",
  title:
    "a layer that somebody mounted volatile: the next mount is refused and says so, others go on; it can be mended",
  restsOn: ["durability"],
  cites: [
    "overlayfs.rst, Volatile mount: work/incompat/volatile, kernel 5.10",
    "docs/decisions/0021: no driver of ours mounts volatile",
    "podman#9507, containers/storage#840: there the mark is wiped unasked",
    "measured on 6.18",
  ],
  needs: ["namespace-root", "mount"],
  async run(trial: Trial) {
    const { store, base, id } = await mountGround(trial);
    const directories = { root: store.root, layers: `${store.root}/layers`, scratch: trial.directoryFor("driver") };
    const asked = trial.driver.open(directories, { volatile: true });
    await trial.rejects(asked, "BAD_OPTION", "a driver asked to mount volatile");
    const edit = (root: string) => writeFileSync(path.join(root, "n"), "1");
    if (!(await editWithOptions(trial, store, id, ["volatile"], edit))) return;
    const refused = await trial.rejects(store.mount(id), "MOUNT_FAILED", "the next mount");
    trial.ok(/volatile/.test(`${refused.message} ${refused.hint}`), `it says why: ${refused.message} ${refused.hint}`);
    trial.equal(await store.mounts(), [], "mounts after the refusal");
    const other = await store.prepare({ parent: base.id });
    trial.equal(await viewing(store, other, readTree), ["d/x=lower", "f=lower"], "another layer's view");
    const mark = /(\/\S*\/incompat\/volatile)/.exec(`${refused.message} ${refused.hint}`)?.[1];
    trial.ok(mark !== undefined && existsSync(mark), `the mark is named: ${refused.hint}`);
    rmSync(mark, { recursive: true });
    await using mount = await store.mount(id);
    trial.equal(readTree(mount.path), ["d/x=lower", "f=lower", "n=1"], "the tree, mended");
  },
};
