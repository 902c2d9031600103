import {
  chmodSync,
  closeSync,
  lchownSync,
  openSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { Check } from "../../check.ts";
import { FS_IMMUTABLE_FL, FS_NOATIME_FL, FS_SYNC_FL, inodeFlags, setInodeFlags } from "../../tree/inode-flags.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

export const immutableLower: Check = {
  id: "CU31",
  title: "an immutable lower file can be neither written nor deleted",
  restsOn: ["flags"],
  cites: ["ioctl_iflags(2)", "xfstests overlay/078, overlay/040", "kernel 5.15", "measured on 6.18"],
  needs: ["root"],
  deviations: { "flag-dropped": "the flag is not carried over: the file can be written and deleted" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "x"));
    const store = await t.store();
    const lower = `${store.access(s.base).dir}/f`;
    const immutable = [lower, `${s.model}/f`];
    const refused = t.errno(() => {
      for (const path of immutable) setInodeFlags(path, FS_IMMUTABLE_FL, true);
    });
    try {
      if (refused !== null) t.skip(`${t.directory.filesystem} keeps no inode flags here (${refused})`);
      const { id } = await store.prepare({ parent: s.base.id });
      await using mount = await store.mount(id);
      const tried = (root: string) => [
        t.errno(() => closeSync(openSync(`${root}/f`, "r+"))),
        t.errno(() => unlinkSync(`${root}/f`)),
      ];
      t.equal(tried(s.model), ["EPERM", "EPERM"], "open for writing and unlink in the model");
      const seen = tried(mount.path);
      if (seen.every((errno) => errno === null)) return "flag-dropped";
      t.equal(seen, ["EPERM", "EPERM"], "open for writing and unlink");
      t.equal(readFileSync(`${mount.path}/f`, "latin1"), "x", "content");
    } finally {
      for (const path of immutable) t.errno(() => setInodeFlags(path, FS_IMMUTABLE_FL, false));
    }
    return;
  },
};

const QUIET = FS_NOATIME_FL | FS_SYNC_FL;

export const flagsOfCopiedFiles: Check = {
  id: "CU42",
  title: "a lower file's noatime and sync flags stay when it is written; a symlink that has them can be changed",
  restsOn: ["flags"],
  cites: [
    "ioctl_iflags(2)",
    "xfstests overlay/078, overlay/082 (a symlink made copy-up fail)",
    "kernel 5.15",
    "measured on 6.18, aufs on 6.1",
  ],
  needs: ["root"],
  deviations: { "flag-dropped": "the flags are not carried over" },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "f", "x");
      plantFile(root, "d/in", "y");
    });
    const store = await t.store();
    const trees = [store.access(s.base).dir, s.model];
    const refused = t.errno(() => {
      for (const root of trees) for (const name of ["f", "d"]) setInodeFlags(`${root}/${name}`, QUIET, true);
    });
    if (refused !== null) t.skip(`${t.directory.filesystem} keeps no noatime and sync flags (${refused})`);
    // What is made in a directory takes its flags over: the only way to a symlink that has one.
    for (const root of trees) symlinkSync("in", `${root}/d/link`);
    const { id } = await store.prepare({ parent: s.base.id });
    await using mount = await store.mount(id);
    const edits = (root: string) => [
      t.errno(() => writeFileSync(`${root}/f`, "written")),
      t.errno(() => lchownSync(`${root}/d/link`, 1, 2)),
      t.errno(() => writeFileSync(`${root}/d/in`, "too")),
      t.errno(() => chmodSync(`${root}/d`, 0o700)),
    ];
    t.equal(edits(mount.path), edits(s.model), "write, lchown of the symlink, write beside it, chmod of the directory");
    t.equal(readFileSync(`${mount.path}/d/link`, "latin1"), "too", "read through the symlink");
    const flags = (root: string) => ["f", "d"].map((name) => inodeFlags(`${root}/${name}`) & QUIET);
    // aufs has no answer for a file in its mount (ENOTTY): then what the layer holds counts.
    const upper = store.access(await store.get(id)).dir;
    const seen = flags(t.errno(() => flags(mount.path)) === "ENOTTY" ? upper : mount.path);
    t.equal(flags(s.model), [QUIET, QUIET], "flags in the model");
    return seen.every((f) => f === QUIET) ? undefined : "flag-dropped";
  },
};
