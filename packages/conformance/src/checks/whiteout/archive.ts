import { mkdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { readCanonical } from "../../tar/read-canonical.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported } from "../diff/layers.ts";
import { readTree, type TreeSpec, writeTree } from "./tree-specs.ts";

/** The view of a tar applied on a base of one, and nothing left but the two layers. */
async function applied(store: LayerStore, base: TreeSpec[], ...layer: TreeSpec[]): Promise<TreeSpec[]> {
  const below = await store.apply([tarOf(...base)]);
  const above = await store.apply([tarOf(...layer)], { parent: below.layer.id });
  const view = await store.view(above.layer.id);
  try {
    return readTree(view.path);
  } finally {
    await view.unmount();
  }
}

export const sharedWhiteouts: Check = {
  id: "WH19",
  title: "four deletions in one layer: four entries of their own, no links of one another",
  cites: [
    "xfstests overlay/073: whiteouts share one inode since 5.8",
    "docker's aufs driver wrote them as hard links of each other",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["a", "b", "c", "d", "kept"]));
    s.edit((root) => {
      for (const name of ["a", "b", "c", "d"]) unlinkSync(path.join(root, name));
    });
    const members = readCanonical(await exported(await trial.store(), s)).filter((member) =>
      member.path.startsWith(".wh."),
    );
    trial.equal(
      members.map((member) => `${member.type} ${member.path} ${member.size}`),
      ["a", "b", "c", "d"].map((name) => `0 .wh.${name} 0`),
      "whiteouts in the archive",
    );
  },
};

export const exportedWhiteouts: Check = {
  id: "WH28",
  title:
    "an exported layer names each deletion: plain files .wh.NAME, no devices, links, opaque markers or private xattrs",
  cites: [
    "OCI image-spec layer.md, explicit whiteouts",
    "layers.md rule 2",
    "a naive tar of an overlay upper holds c 0:0 nodes (measured)",
  ],
  async run(trial: Trial) {
    const base = ["d/a=1", "d/b=2", "kept=k", "o/a=1", "o/s/b=2", "x=3"];
    const s = await trial.scenario((root) => writeTree(root, base));
    s.edit((root) => {
      unlinkSync(path.join(root, "x"));
      for (const dir of ["d", "o"]) rmSync(path.join(root, dir), { recursive: true });
      mkdirSync(path.join(root, "o"));
      writeFileSync(path.join(root, "o/new"), "new");
    });
    const store = await trial.store();
    const tar = await exported(store, s);
    const members = readCanonical(tar);
    trial.equal(
      members.map((member) => member.path).sort(),
      ["./", ".wh.d", ".wh.x", "o/", "o/.wh.a", "o/.wh.s", "o/new"],
      "names",
    );
    for (const member of members) {
      if (!path.basename(member.path).startsWith(".wh.")) continue;
      const { type, mode, uid, gid, size, mtime, paxKeys } = member;
      trial.equal(
        { type, mode, uid, gid, size, mtime, paxKeys },
        { type: "0", mode: 0o644, uid: 0, gid: 0, size: 0, mtime: "0", paxKeys: [] },
        `the whiteout ${member.path}`,
      );
    }
    trial.ok(!tar.includes("overlay."), "no private xattr of overlay in the archive");
    // What was exported says the same when it is read again.
    const again = await store.apply([tar], { parent: s.base.id });
    const view = await store.view(again.layer.id);
    trial.equal(readTree(view.path), ["kept=k", "o/new=new"], "the view of the archive applied again");
    await view.unmount();
  },
};

export const whiteoutBesideItsName: Check = {
  id: "WH29",
  title: "a tar with .wh.x and x means the new x, in either order",
  cites: ["layers.md, reading other people's archives", "aufs: invisible as a lower, EIO as the upper (measured)"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = ["d/old=0", "e/old=0", "x=old"];
    for (const order of ["whiteout first", "whiteout last"]) {
      const pieces = [
        [".wh.x", ".wh.d", ".wh.e"],
        ["d/", "d/n=new", "e=new", "x=new"],
      ];
      const specs = order === "whiteout first" ? pieces.flat() : pieces.reverse().flat();
      trial.equal(await applied(store, base, ...specs), ["d/n=new", "e=new", "x=new"], order);
    }
  },
};

export const opaqueRoot: Check = {
  id: "WH30",
  title: "an opaque marker at the root of a tar hides everything below",
  cites: ["OCI image-spec layer.md, opaque whiteout", "aufs ignores it in a branch root (measured)"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = ["a=0", "d/b=0", "e/"];
    trial.equal(await applied(store, base, ".wh..wh..opq", "d/", "n=new"), ["d/", "n=new"], "marker first");
    trial.equal(await applied(store, base, "d/", "n=new", ".wh..wh..opq"), ["d/", "n=new"], "marker last");
  },
};

export const badWhiteouts: Check = {
  id: "WH31",
  title: "whiteouts without a name, of . and .., and of the wrong type are refused, and nothing is kept",
  cites: ["layers.md, reading other people's archives", "checks MT08, MT09", "OCI image-spec: a bare .wh. is an error"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await store.apply([tarOf("d/x=1", "x=0")]);
    const before = (await store.list()).length;
    for (const bad of [
      ".wh.",
      "d/.wh.",
      ".wh..",
      ".wh...",
      "d/.wh...",
      ".wh.x/",
      ".wh.x->x",
      "d/.wh..wh..opq/",
      ".wh.d/x",
    ]) {
      const refused = await trial.rejects(
        store.apply([tarOf("n=1", bad)], { parent: base.layer.id }),
        "BAD_ARCHIVE",
        `a tar with ${bad}`,
      );
      trial.ok(refused.message.includes(".wh."), `the refusal names ${bad}: ${refused.message}`);
    }
    trial.equal((await store.list()).length, before, "layers after the refusals");
  },
};

export const whiteoutOfNothing: Check = {
  id: "WH32",
  title: "a whiteout for a name that no parent has is harmless",
  cites: ["layers.md, reading other people's archives"],
  async run(trial: Trial) {
    const store = await trial.store();
    const view = await applied(
      store,
      ["a=0", "d/b=0", "f=0"],
      ".wh.nobody",
      "d/.wh.nobody",
      "new/",
      "new/.wh.x",
      ".wh.a",
    );
    trial.equal(view, ["d/b=0", "f=0", "new/"], "the view");
  },
};
