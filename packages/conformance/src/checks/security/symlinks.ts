import crypto from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { isStorageError } from "@copyup/core";
import { mountsBelow } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, layerOn, viewOf } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";
import { failureOf, hostileGround } from "../hostile/ground.ts";

export const absoluteSymlink: Check = {
  id: "SE05",
  title: "an absolute symlink in a layer: what the store reads, writes and removes by itself stays inside the layer",
  cites: [
    "CVE-2018-15664 (docker cp), CVE-2019-14271",
    "catalogue.md SE05: a write through the mount path follows the link to the host, on every driver: resolve in the root",
  ],
  async run(trial: Trial) {
    const { store, victim, parent, accepts, contains } = await hostileGround(trial);
    const outside = treeLines(victim);
    // An archive on a layer whose `ln` points out: written beside, as a directory of that name (layers.md).
    const view = await accepts("a file below the link", archive(ROOT, directory("ln"), { path: "ln/pwn", data: "in" }));
    trial.equal(view.get("ln/pwn")?.text, "in", "the file, inside");
    await contains("a deletion below the link", archive(ROOT, { path: "ln/.wh.secret" }));

    const child = await layerOn(store, parent, (root) => writeFileSync(path.join(root, "new"), "x"));
    for (const layer of [parent, child]) {
      const bytes = await exported(store, layer);
      trial.ok(!bytes.includes("untouched"), "an archive holds nothing of what the link points to");
      trial.ok(!(await changeList(store, layer)).some((line) => line.includes("secret")), "nor do the changes");
      trial.equal((await viewOf(store, layer)).get("ln")?.text, victim, "the link is kept as it is");
      await store.usage(layer.id);
    }
    const tree = trial.directoryFor("tree");
    symlinkSync(victim, path.join(tree, "ln"));
    const { layer: imported } = await store.importTree(tree, { durability: "none" });
    trial.equal([...(await viewOf(store, imported)).keys()].sort(), ["", "ln"], "an imported tree with such a link");
    trial.equal((await store.check()).problems, [], "problems that check finds");
    for (const { id } of [imported, child, parent]) await store.remove(id);
    trial.equal(treeLines(victim), outside, "the directory outside after all of it");

    // And what no driver can prevent, so that nobody relies on it: the kernel resolves such a link from the host's root.
    const top = await layerOn(store, null, (root) => symlinkSync(victim, path.join(root, "ln")));
    const { id } = await store.prepare({ parent: top.id });
    await using mount = await store.mount(id);
    writeFileSync(path.join(mount.path, "ln/through"), "the host's");
    trial.equal(readFileSync(path.join(victim, "through"), "utf8"), "the host's", "a write through the mount's path");
  },
};

export const plantedNames: Check = {
  id: "SE09",
  title: "a symlink where the store is about to make a name is never followed, even if every name could be guessed",
  cites: ["open(2), O_EXCL and O_NOFOLLOW", "CWE-377: insecure temporary file", "CVE-2021-41091"],
  async run(trial: Trial) {
    const store = await trial.store();
    const victim = trial.directoryFor("victim");
    mkdirSync(path.join(victim, "dir"));
    writeFileSync(path.join(victim, "file"), "untouched");
    const outside = treeLines(victim);
    const base = await layerOn(store, null, (root) => writeFileSync(path.join(root, "f"), "x"));
    const { id: active } = await store.prepare({ parent: base.id });
    const tar = archive(ROOT, directory("d"), { path: "d/f", data: "content" });
    // Where names are random: as if the generator were broken.
    const guessed = Buffer.alloc(8, 0xab).toString("hex");
    const verbs: Record<string, () => Promise<unknown>> = {
      prepare: () => store.prepare({ parent: base.id, id: "planted" }),
      apply: () => store.apply([tar], { parent: base.id, id: "planted", durability: "none" }),
      import: () => store.importTree(victim, { id: "planted", durability: "none" }),
      labels: () => store.setLabels(base.id, { a: "b" }),
      remove: () => store.remove("removed"),
      mount: async () => {
        await using _ = await store.mount(active);
        trial.equal(mountsBelow(victim), [], "mounts outside");
      },
    };
    const places = [
      ...["staging", "trash"].flatMap((room) => [`${room}/${guessed}`, `${room}/${guessed}.lock`]),
      "layers/planted",
      `run/mnt/${active}`,
    ];
    for (const place of places) {
      for (const target of [path.join(victim, "dir"), path.join(victim, "missing")]) {
        const planted = path.join(store.root, place);
        for (const [verb, run] of Object.entries(verbs)) {
          if (verb === "remove") await store.prepare({ id: "removed" });
          symlinkSync(target, planted);
          const what = `${verb} with a symlink to ${path.basename(target)} at ${place}`;
          const error = await withGuessedNames(() => failureOf(run()));
          trial.ok(error === null || isStorageError(error), `${what}: done or refused, not ${error}`);
          trial.equal(treeLines(victim), outside, `${what}: what lies outside`);
          rmSync(planted, { force: true });
          for (const id of ["planted", "removed"])
            if (existsSync(path.join(store.root, "layers", id))) await store.remove(id);
        }
      }
    }
    trial.equal((await store.check()).problems, [], "problems that check finds");
    await store.prepare({ id: "planted" });
  },
};

/** `randomBytes` gives 0xab… meanwhile, to importers of node:crypto by name too. */
async function withGuessedNames<T>(act: () => Promise<T>): Promise<T> {
  const real = crypto.randomBytes;
  const guess = ((size: number) => Buffer.alloc(size, 0xab)) as typeof crypto.randomBytes;
  Object.assign(crypto, { randomBytes: guess });
  syncBuiltinESMExports();
  try {
    return await act();
  } finally {
    Object.assign(crypto, { randomBytes: real });
    syncBuiltinESMExports();
  }
}
