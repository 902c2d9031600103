import { mkdirSync, rmSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import type { Check } from "../../check.ts";
import { archive, directory, hardLink, ROOT } from "../../tar/raw-tar.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { failureOf } from "../hostile/ground.ts";
import { applied, exported, layerOn, viewOf } from "./layers.ts";
import type { NamedTree } from "./read-tree.ts";

/** DA05 */
export const hardLinkTargets: Check = {
  id: "DA05",
  title:
    "A hard link to a file of the parent becomes one inode with it; one to nothing, or to a later entry, is no guess",
  restsOn: ["inodes"],
  cites: ["catalogue.md DA05", "layers.md: hard links to files of lower layers", "moby#5632: split hard links"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "f", "parent's", { mode: 0o640, mtimeNs: 5_000_000_007n });
      plantFile(root, "d/g", "other");
    });
    const same = (view: NamedTree, a: string, b: string, text: string, what: string) => {
      trial.equal([view.get(a)?.text, view.get(b)?.text], [text, text], `${what}: the bytes of both`);
      trial.ok(view.get(a)?.inode === view.get(b)?.inode, `${what}: ${a} and ${b} are one inode`);
    };
    const linked = await viewOf(
      store,
      await applied(store, base, archive(ROOT, hardLink("new", "f"), hardLink("d/h", "d/g"))),
    );
    same(linked, "f", "new", "parent's", "a link to the parent's file");
    same(linked, "d/g", "d/h", "other", "a link in a directory without an entry");
    trial.equal(
      [linked.get("new")?.permissions, linked.get("new")?.mtimeNs],
      [0o640, 5_000_000_007n],
      "attributes of the parent's file",
    );

    const inOrder = archive(ROOT, { path: "f", data: "own" }, hardLink("new", "f"));
    same(await viewOf(store, await applied(store, base, inOrder)), "f", "new", "own", "a link to the archive's file");
    const none = await failureOf(applied(store, base, archive(ROOT, hardLink("new", "nobody"))));
    trial.ok(
      isStorageError(none, "BAD_ARCHIVE") && none.message.includes("new"),
      `a link to nothing is refused by name, not ${none}`,
    );

    const early = await viewOrRefusal(trial, archive(ROOT, hardLink("new", "later"), { path: "later", data: "late" }));
    if (early) same(early, "later", "new", "late", "a link before its target");
    for (const parts of [
      [{ path: ".wh.f" }, hardLink("new", "f")],
      [hardLink("new", "f"), { path: ".wh.f" }],
    ]) {
      const view = await viewOrRefusal(trial, archive(ROOT, ...parts), base.id);
      if (view)
        trial.equal([view.get("new")?.text, view.has("f")], ["parent's", false], "a link and a whiteout of its target");
    }
  },
};

/** The view of the archive applied; null where it was refused as an archive. */
async function viewOrRefusal(trial: Trial, tar: Buffer, parent: string | null = null): Promise<NamedTree | null> {
  const store = await trial.store();
  try {
    const { layer } = await store.apply([tar], { parent, durability: "none" });
    return await viewOf(store, layer);
  } catch (error) {
    trial.ok(isStorageError(error, "BAD_ARCHIVE"), `refused with BAD_ARCHIVE, not ${error}`);
    return null;
  }
}

/** DA08 */
export const opaqueIsSpelledOut: Check = {
  id: "DA08",
  title:
    "A replaced directory is exported name by name, and every spelling of it gives the same view and the same bytes",
  cites: [
    "catalogue.md DA08, WH28, WH30",
    "layers.md rule 2",
    "OCI image-spec layer.md: explicit whiteouts are preferred",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const name of ["d/a", "d/b", "d/sub/x", "d/sub/y", "other"]) plantFile(root, name);
    });
    const replaced = await layerOn(store, base, (root) => {
      rmSync(`${root}/d`, { recursive: true });
      mkdirSync(`${root}/d`);
      plantFile(root, "d/n");
    });
    const expected = ["./", "d/", "d/.wh.a", "d/.wh.b", "d/.wh.sub", "d/n"];
    const tar = await exported(store, replaced);
    trial.equal(pathsOf(readCanonical(tar)).sort(), expected, "members of the replaced directory");
    trial.ok(
      tar.equals(await exported(store, await applied(store, base, tar))),
      "applied again it exports the same bytes",
    );

    const n = { path: "d/n", data: "d/n" };
    const opaque = { path: "d/.wh..wh..opq" };
    const spellings = [
      archive(ROOT, directory("d"), opaque, n),
      archive(ROOT, directory("d"), n, opaque),
      archive(ROOT, n, opaque, directory("d")),
      archive(
        ROOT,
        directory("d"),
        n,
        { path: "d/.wh.a" },
        { path: "d/.wh.b" },
        { path: "d/.wh.sub" },
        { path: "d/.wh.nobody" },
      ),
      archive(ROOT, directory("d"), { path: "d/.wh.n" }, n, opaque, { path: "d/.wh.sub" }),
    ];
    const bytes: Buffer[] = [];
    for (const spelling of spellings) {
      const layer = await applied(store, base, spelling);
      trial.equal(
        [...(await viewOf(store, layer)).keys()],
        ["", "d", "d/n", "other"],
        `names in the view of spelling ${bytes.length + 1}`,
      );
      bytes.push(await exported(store, layer));
      trial.ok(
        bytes.at(-1)?.equals(bytes[0] ?? Buffer.alloc(0)),
        `spelling ${bytes.length} exports the same bytes as the first`,
      );
    }
    const everything = await applied(store, base, archive(ROOT, { path: "mine", data: "m" }, { path: ".wh..wh..opq" }));
    trial.equal([...(await viewOf(store, everything)).keys()], ["", "mine"], "a root opaque marker hides all below");
    trial.equal(
      pathsOf(readCanonical(await exported(store, everything))).sort(),
      ["./", ".wh.d", ".wh.other", "mine"],
      "and is spelled out",
    );
  },
};
