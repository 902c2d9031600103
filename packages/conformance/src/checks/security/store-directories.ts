import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { openStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import { asUser } from "../../trial/as-user.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, viewing } from "../diff/layers.ts";
import { treeLines } from "../diff/read-tree.ts";

const NOBODY = 65534;
const octal = (mode: number) => (mode & 0o7777).toString(8).padStart(4, "0");

/** What the store wrote for itself: everything but the layers' bodies, whose modes are the layers' own. */
function ownNames(root: string, below = ""): { name: string; entry: Dirent }[] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    return [{ name, entry }, ...(entry.isDirectory() && entry.name !== "body" ? ownNames(root, name) : [])];
  });
}

export const anyUmask: Check = {
  id: "SE06",
  title: "under umask 000, 022 and 077 layers are the same, and nothing of the store is for others",
  cites: ["umask(2)", "catalogue.md CU21", "containerd's suite clears the umask before it begins"],
  async run(trial: Trial) {
    const tree = trial.directoryFor("tree");
    plantFile(tree, "d/f", "x", { mode: 0o666 });
    plantDirectory(tree, "d", { mode: 0o1777, mtimeNs: 1n });
    plantDirectory(tree, "e", { mode: 0o755, mtimeNs: 1n });
    plantDirectory(tree, "", { mode: 0o755, mtimeNs: 1n });
    const tar = archive(ROOT, directory("d", { mode: 0o777 }), { path: "d/g", mode: 0o666, data: "x" });
    const seen: Record<string, unknown> = {};
    for (const mask of [0o000, 0o022, 0o077]) {
      const before = process.umask(mask);
      try {
        const root = `${trial.directoryFor("masked")}/store`;
        await using store = await openStore({ root, driver: trial.driver, host: trial.host, create: true });
        const imported = (await store.importTree(tree, { durability: "none" })).layer;
        const top = await applied(store, imported, tar);
        const empty = await store.prepare();
        const active = await store.prepare({ parent: top.id });
        const rootOf = async (id: string) => {
          await using mount = await store.mount(id);
          return octal(lstatSync(mount.path).mode);
        };
        seen[octal(mask)] = [
          await viewing(store, imported, treeLines),
          await viewing(store, top, treeLines),
          await rootOf(empty.id),
          await rootOf(active.id),
        ];
        const open = ownNames(root).filter(
          ({ name, entry }) => !entry.isSymbolicLink() && (lstatSync(path.join(root, name)).mode & 0o022) !== 0,
        );
        trial.equal(
          open.map(({ name }) => name),
          [],
          `names of the store that others may write, made under umask ${octal(mask)}`,
        );
        trial.equal(octal(lstatSync(root).mode), "0700", `mode of the root made under umask ${octal(mask)}`);
      } finally {
        process.umask(before);
      }
    }
    for (const mask of ["0000", "0077"])
      trial.equal(seen[mask], seen["0022"], `the layers made under umask ${mask}, beside those under 0022`);
  },
};

export const closedStore: Check = {
  id: "SE07",
  title: "other users reach nothing below a store's root: no record, no layer, no suid program in it",
  cites: ["moby overlay2: 0710 since CVE-2021-41091, where `diff/` could be walked by anybody"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await store.prepare({ id: "base" });
    {
      await using mount = await base.mount();
      plantFile(mount.path, "suid", "#!/bin/sh\n", { mode: 0o4755 });
    }
    await base.commit({ durability: "none" });
    const mode = lstatSync(store.root).mode & 0o777;
    trial.ok(mode === 0o700 || mode === 0o710, `the root's mode is ${octal(mode)}`);
    if (!trial.host.fullRoot) return;
    const { dir } = store.access(await store.get("base"));
    const within = (absolute: string) => path.relative(path.dirname(store.root), absolute);
    const seen = asUser(NOBODY, path.dirname(store.root), (at) => [
      ...["", "layers", "run", "staging"].map((name) =>
        trial.errno(() => readdirSync(path.join(at, within(store.root), name))),
      ),
      ...["store.json", "layers/base/layer.json"].map((name) =>
        trial.errno(() => readFileSync(path.join(at, within(store.root), name))),
      ),
      trial.errno(() => lstatSync(path.join(at, within(dir), "suid"))),
    ]);
    trial.equal(new Set(seen), new Set(["EACCES"]), "what another user is told about everything in it");
  },
};
