import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { AT_FDCWD, RENAME_EXCHANGE, renameAt } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import { plantFile, setTimes } from "../../tree/plant.ts";
import { keepingTimes } from "../../trial/keeping-times.ts";
import type { Trial } from "../../trial/trial.ts";
import { changeList, exported, layerOn } from "./layers.ts";

/** In whole seconds: aufs sets no others through its mount (CU37). */
const MTIME_NS = 1_111_111_111_000_000_000n;

/** DA12 */
export const touchedButEqual: Check = {
  id: "DA12",
  title: "A file that was opened, written with its own bytes and given its old mtime is not in the diff",
  restsOn: ["times"],
  cites: ["catalogue.md DA12", "layers.md rule 1: copied up but equal, nothing", "moby's naive diff reports it"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const name of ["d/written", "d/chmodded", "d/renamed"]) plantFile(root, name, "same", { mtimeNs: MTIME_NS });
      setTimes(`${root}/d`, undefined, MTIME_NS);
    });
    const layer = await layerOn(store, base, (root) =>
      keepingTimes(trial, root, [""], () => {
        rewriteInPlace(`${root}/d/written`, "same");
        const { mode } = statSync(`${root}/d/chmodded`);
        plantFile(root, "d/chmodded", "same", { mode: mode & 0o7777, mtimeNs: MTIME_NS });
        renameSync(`${root}/d/renamed`, `${root}/d/x`);
        renameSync(`${root}/d/x`, `${root}/d/renamed`);
        setTimes(`${root}/d`, undefined, MTIME_NS);
      }),
    );
    const access = store.access(layer);
    if (access.kind === "upper") trial.ok(existsSync(`${access.dir}/d/written`), "the file was really copied up");
    trial.equal(await changeList(store, layer), [], "changes");
    trial.equal(pathsOf(readCanonical(await exported(store, layer))), [], "members of the diff");
  },
};

/** DA17 */
export const sameSizeAndTime: Check = {
  id: "DA17",
  title: "An edit that keeps size and mtime is found in the diff",
  restsOn: ["times"],
  cites: ["layers.md rule 8", "rsync and tar --listed-incremental trust size and mtime, and miss it"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (let i = 0; i < 50; i++) plantFile(root, `d${i % 5}/f${i}`, `old ${i}`, { mtimeNs: MTIME_NS });
      for (let i = 0; i < 5; i++) setTimes(`${root}/d${i}`, undefined, MTIME_NS);
      setTimes(root, undefined, MTIME_NS);
    });
    await using active = await store.prepare({ parent: base.id });
    const expected = ["d3/", "d3/f13"];
    {
      await using mount = await active.mount();
      keepingTimes(trial, mount.path, ["", "d3"], () => rewriteInPlace(`${mount.path}/d3/f13`, "new 13"));
      trial.equal(await changeList(store, active), ["modify d3/f13"], "changes of the mounted layer");
      trial.equal(pathsOf(readCanonical(await exported(store, active))), expected, "diff of the mounted layer");
    }
    const layer = await active.commit({ durability: "none" });
    trial.equal(await changeList(store, layer), ["modify d3/f13"], "changes of the committed layer");
    const members = readCanonical(await exported(store, layer));
    trial.equal(pathsOf(members), expected, "diff of the committed layer");
    trial.equal(members.at(-1)?.data.toString(), "new 13", "the bytes written");
  },
};

/** LY08 */
export const movedDirectories: Check = {
  id: "LY08",
  title: "Two directories that changed places, their files alike in size and mtime, are found in the diff",
  restsOn: ["times"],
  cites: ["layers.md rule 8", "core driver.ts CopyStamp.directories: a rename changes no ctime below the directory"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const name of ["a", "b"]) plantFile(root, `${name}/deep/f`, `in ${name}`, { mtimeNs: MTIME_NS });
      for (const path of ["a/deep", "b/deep", "a", "b", ""]) setTimes(`${root}/${path}`, undefined, MTIME_NS);
    });
    const layer = await layerOn(store, base, (root) => {
      move(`${root}/a`, `${root}/x`);
      move(`${root}/b`, `${root}/a`);
      move(`${root}/x`, `${root}/b`);
      for (const path of ["a/deep", "b/deep", "a", "b", ""]) setTimes(`${root}/${path}`, undefined, MTIME_NS);
    });
    const members = readCanonical(await exported(store, layer));
    trial.equal(pathsOf(members), ["a/", "a/deep/", "a/deep/f", "b/", "b/deep/", "b/deep/f"], "members of the diff");
    trial.equal(
      members.filter((m) => m.type === "0").map((m) => m.data.toString()),
      ["in b", "in a"],
      "and their bytes",
    );
    trial.equal(await changeList(store, layer), ["modify a/deep/f", "modify b/deep/f"], "changes");
  },
};

/** DA18 */
export const exchangedFiles: Check = {
  id: "DA18",
  title: "Two files that changed places by an exchange, alike in size and mtime, are found in the diff",
  restsOn: ["rename", "times"],
  cites: [
    "layers.md rule 8",
    "fs/xfs/xfs_inode.c, xfs_cross_rename: an exchange of files leaves their ctimes",
    "found by RD02 on xfs, seed 1428911222",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const name of ["a", "d/b", "d/c", "d/same"])
        plantFile(root, name, `was ${name.at(-1)}`, { mtimeNs: MTIME_NS });
      for (const path of ["d", ""]) setTimes(`${root}/${path}`, undefined, MTIME_NS);
    });
    const layer = await layerOn(store, base, (root) => {
      const exchange = (one: string, other: string) =>
        renameAt(AT_FDCWD, `${root}/${one}`, AT_FDCWD, `${root}/${other}`, RENAME_EXCHANGE);
      exchange("d/b", "d/c");
      exchange("a", "d/c");
      for (const path of ["d", ""]) setTimes(`${root}/${path}`, undefined, MTIME_NS);
    });
    const members = readCanonical(await exported(store, layer));
    trial.equal(pathsOf(members), ["a", "d/", "d/b", "d/c"], "members of the diff");
    trial.equal(
      members.filter((member) => member.type === "0").map((member) => member.data.toString()),
      ["was b", "was c", "was a"],
      "and their bytes",
    );
    trial.equal(await changeList(store, layer), ["modify a", "modify d/b", "modify d/c"], "changes");
  },
};

/** As mv(1): where the driver says EXDEV for a directory of a lower, copy and remove. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    cpSync(from, to, { recursive: true });
    for (const path of ["/deep/f", "/deep", ""]) setTimes(to + path, undefined, MTIME_NS);
    rmSync(from, { recursive: true });
  }
}

/** Same inode, same length, same mtime: only the ctime tells. */
function rewriteInPlace(path: string, text: string): void {
  const before = readFileSync(path);
  if (before.length !== text.length) throw new Error("the check must keep the size");
  const fd = openSync(path, "r+");
  writeSync(fd, text, 0);
  closeSync(fd);
  setTimes(path, undefined, MTIME_NS);
  if (statSync(path, { bigint: true }).mtimeNs !== MTIME_NS) throw new Error("the check must keep the mtime");
}
