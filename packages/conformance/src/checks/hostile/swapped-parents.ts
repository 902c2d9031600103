import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { archive, directory, hardLink, ROOT, symlink } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, layerOn, viewOf } from "../diff/layers.ts";
import { hostileGround } from "./ground.ts";

const cites = ["catalogue.md 6 MT", "rules.md rule 6"];

/** MT06 */
export const parentSwapped: Check = {
  id: "MT06",
  title: "A directory that the same archive replaces by a symlink does not lead out",
  cites: [...cites, "CVE-2024-0406: a path once checked, then swapped"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const swap = [ROOT, directory("d"), { path: "d/first", data: "1" }, symlink("d", ground.victim)];
    const view = await ground.contains(
      "file after the swap",
      archive(...swap, { path: "d/secret", data: "pwn" }),
      null,
    );
    if (view)
      trial.ok(!view.has("d/first") || view.get("d")?.type === "directory", "what the symlink replaced is gone");
    await ground.contains(
      "directory after the swap",
      archive(...swap, directory("d", { mode: 0o777 }), { path: "d/pwn" }),
      null,
    );
    await ground.contains("deep file after the swap", archive(...swap, { path: "d/dir/keep", data: "pwn" }), null);
    await ground.contains(
      "swap of the parent layer's directory",
      archive(ROOT, symlink("dir", ground.victim), { path: "dir/keep" }),
    );
    const plain = await ground.accepts("the swap alone", archive(...swap), null);
    trial.equal(plain.get("d")?.text, ground.victim, "last wins: d is the symlink");
    trial.equal(plain.has("d/first"), false, "and what was in the directory is gone");
  },
};

/** MT07 */
export const symlinkOfParentLayer: Check = {
  id: "MT07",
  title: "A symlink of the parent layer is not written through: a directory takes its place",
  cites: [...cites, "layers.md: where the name below is a symlink, it becomes such a directory", "catalogue.md SE05"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    for (const link of ["ln", "up"]) {
      const tar = archive(ROOT, directory(link), { path: `${link}/pwn`, data: "in" });
      const view = await ground.accepts(`directory ${link}/ and a file in it`, tar);
      trial.equal(view.get(link)?.type, "directory", `${link} is a directory now`);
      trial.equal(
        [...view.keys()].filter((p) => p.startsWith(`${link}/`)),
        [`${link}/pwn`],
        `${link} holds the file alone`,
      );
    }
    if (trial.host.fullRoot) {
      const view = await ground.accepts(
        "a file without its directory's entry",
        archive(ROOT, { path: "ln/pwn", data: "in" }),
      );
      const { type, permissions, owner, mtimeNs } = view.get("ln") ?? {};
      trial.equal(
        { type, permissions, owner, mtimeNs },
        { type: "directory", permissions: 0o755, owner: "0:0", mtimeNs: 0n },
        "the made-up ln",
      );
    }
    await ground.refuses("`..` behind it", archive(ROOT, { path: "ln/../pwn" }));
    const replaced = await ground.accepts("a file in its place", archive(ROOT, { path: "ln", data: "mine" }));
    trial.equal(replaced.get("ln")?.text, "mine", "the symlink is replaced, not followed");
  },
};

/** MT12 */
export const duplicates: Check = {
  id: "MT12",
  title: "Of entries with one name the last wins; a hard link is replaced, never written through",
  cites: [...cites, "layers.md: duplicate entries (last wins)"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const kinds = [{ path: "n", data: "f" }, directory("n"), symlink("n", ground.victim), { path: "n", type: "6" }];
    for (const first of kinds) {
      for (const last of kinds) {
        const what = `${first.type ?? "0"} then ${last.type ?? "0"}`;
        const view = await ground.accepts(what, archive(ROOT, first, last), null);
        const types: Record<string, string> = { "5": "directory", "2": "symlink", "6": "fifo" };
        trial.equal(view.get("n")?.type, types[last.type ?? "0"] ?? "file", what);
      }
    }
    const through = archive(ROOT, { path: "y", data: "A" }, hardLink("x", "y"), { path: "x", data: "B" });
    const view = await ground.accepts("a file over a hard link", through, null);
    trial.equal([view.get("y")?.text, view.get("x")?.text], ["A", "B"], "y keeps its own bytes");
    const full = archive(ROOT, directory("d"), { path: "d/f", data: "1" }, { path: "d", data: "file" });
    const flat = await ground.accepts("a file over a full directory", full, null);
    trial.equal([flat.get("d")?.text, flat.has("d/f")], ["file", false], "the directory and all in it are replaced");
  },
};

/** Not an attack by itself: what MT03 and MT07 forbid must not forbid usr-merge. */
export const usrMerge: Check = {
  id: "MT17",
  title: "usr-merge: a real file below the parent's `lib -> usr/lib` makes `lib` a directory, beside usr/lib",
  cites: ["layers.md: usr-merge, BuildKit's linked copies"],
  needs: ["ids"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      mkdirSync(`${root}/usr/lib`, { recursive: true });
      writeFileSync(`${root}/usr/lib/old`, "old");
      symlinkSync("usr/lib", `${root}/lib`);
    });
    const view = await viewOf(store, await applied(store, base, archive(ROOT, { path: "lib/foo", data: "foo" })));
    trial.equal(view.get("lib")?.type, "directory", "lib");
    trial.equal(
      [...view.keys()].filter((p) => p.includes("lib/")),
      ["lib/foo", "usr/lib/old"],
      "what lies in both",
    );
    const own = archive(ROOT, directory("usr"), directory("usr/lib"), symlink("lib", "usr/lib"), {
      path: "lib/foo",
      data: "foo",
    });
    const followed = await viewOf(store, await applied(store, null, own));
    trial.equal(followed.get("lib")?.type, "symlink", "a symlink of the same archive stays one");
    trial.equal(followed.get("usr/lib/foo")?.text, "foo", "and is followed inside the root");
  },
};
