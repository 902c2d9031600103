import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { getXattr, listXattrs } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile, plantNode } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, sha256Of, viewing } from "../diff/layers.ts";
import { readTree } from "../diff/read-tree.ts";

const MIB = 2 ** 20;

export const socketsAreCopied: Check = {
  id: "PN16",
  title: "unix sockets in a tree or a parent, at a path longer than a socket's address, hold nothing up",
  restsOn: ["special"],
  cites: ["buildkit#3965: vfs fails on unix sockets", "unix(7): 108 bytes of address", "DA07, CD02"],
  async run(trial: Trial) {
    const deep = Array.from({ length: 4 }, (_, k) => String(k).repeat(60)).join("/");
    const tree = trial.directoryFor("tree");
    plantNode(tree, `${deep}/socket`, "socket");
    plantFile(tree, `${deep}/zz`, "after it");
    const store = await trial.store();
    const { layer: imported } = await store.importTree(tree, { durability: "none" });
    const made = await layerOn(store, imported, (root) => plantNode(root, "mine", "socket"));
    const types = await viewing(store, await layerOn(store, made, (root) => plantFile(root, "new")), (root) => {
      const seen = readTree(root);
      return [`${deep}/socket`, "mine", `${deep}/zz`].map((name) => seen.get(name)?.type);
    });
    trial.equal(types, ["socket", "socket", "file"], "types in a layer two above");
    trial.ok((await exported(store, made)).length > 0, "a layer with a socket exports");
  },
};

export const everyXattr: Check = {
  id: "PN17",
  title:
    "all xattrs of a file, not only one, survive an import, a copy of the parent, a copy-up, a commit and an archive",
  restsOn: ["xattrs"],
  cites: ["moby graphdriver/copy: security.capability and trusted.overlay.opaque alone are copied", "CU03, DA04"],
  async run(trial: Trial) {
    const tree = trial.directoryFor("tree");
    const own: Record<string, Buffer> = {};
    for (let k = 0; k < 12; k++) own[`user.k${k}`] = Buffer.alloc(k * 9, k);
    if (trial.host.fullRoot) {
      own["trusted.t"] = Buffer.from("t");
      own["security.capability"] = Buffer.from("0100000200200000000000000000000000000000", "hex");
    }
    const refused = trial.errno(() => plantFile(tree, "f", "x", { xattrs: own }));
    if (refused !== null) trial.skip(`xattrs cannot be set on a plain directory here: ${refused}`);
    const told = (root: string) =>
      Object.fromEntries(
        listXattrs(path.join(root, "f"))
          .filter((name) => name !== "security.selinux")
          .sort()
          .map((name) => [name, getXattr(path.join(root, "f"), name)?.toString("hex")]),
      );
    const expected = told(tree);
    trial.equal(Object.keys(expected).length, Object.keys(own).length, "xattrs on the plain directory");
    const store = await trial.store();
    const { layer: imported } = await store.importTree(tree, { durability: "none" });
    trial.equal(await viewing(store, imported, told), expected, "after the import");
    const top = await layerOn(store, imported, (root) => {
      trial.equal(told(root), expected, "in a layer on it");
      // Not a write: that takes the capability away.
      plantFile(root, "g");
    });
    trial.equal(await viewing(store, top, told), expected, "after the commit");
    const fresh = await trial.openStore("fresh");
    const { layer } = await fresh.apply([await exported(store, imported)], { durability: "none" });
    trial.equal(await viewing(fresh, layer, told), expected, "after an archive");
  },
};

export const shrinkingSource: Check = {
  id: "PN18",
  title: "a file that shrinks while it is imported or exported ends the copy: no endless loop, a whole archive, a note",
  cites: ["moby graphdriver/copy: copy_file_range in a loop until the size is reached, for ever", "layers.md"],
  async run(trial: Trial) {
    const tree = trial.directoryFor("tree");
    const store = await trial.store();
    for (const delayMs of [0, 8]) {
      for (const name of ["a", "b", "c"]) writeFileSync(path.join(tree, name), Buffer.alloc(16 * MIB, name));
      const timer = setTimeout(() => {
        for (const name of ["a", "b", "c"]) truncateSync(path.join(tree, name), MIB + 1);
      }, delayMs);
      const { layer } = await store.importTree(tree, { durability: "none" });
      clearTimeout(timer);
      trial.equal((await store.check()).problems, [], "problems that check finds in what was imported");
      trial.equal(await viewing(store, layer, (root) => readdirSync(root)), ["a", "b", "c"], "names imported");
      await store.remove(layer.id);
    }

    const { id } = await store.prepare();
    await using mount = await store.mount(id);
    writeFileSync(path.join(mount.path, "shrinks"), Buffer.alloc(12 * MIB, "s"));
    writeFileSync(path.join(mount.path, "zz"), "after it");
    const diff = store.diff(id);
    const parts: Buffer[] = [];
    for await (const part of diff) {
      if (parts.length === 0) truncateSync(path.join(mount.path, "shrinks"), 1);
      parts.push(Buffer.from(part));
    }
    const tar = Buffer.concat(parts);
    trial.equal(await diff.digest, sha256Of(tar), "the digest of an archive whose file shrank");
    trial.equal(
      diff.notes.map(({ kind, path: name }) => `${kind} ${name}`),
      ["shrank shrinks"],
      "what its notes say",
    );
    const { layer } = await store.apply([tar], { durability: "none" });
    const view = await viewing(store, layer, readTree);
    trial.equal(
      [view.get("shrinks")?.size, view.get("zz")?.text],
      [12 * MIB, "after it"],
      "what such an archive holds",
    );
  },
};
