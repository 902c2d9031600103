import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, fstatSync, lstatSync, openSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { WANTED } from "./cites.ts";

export const directoryInodes: Check = {
  id: "CD03",
  title: "a directory keeps its inode number while it is filled, changed and copied up: tar extracts over it",
  restsOn: ["inodes"],
  cites: [
    `${WANTED}: checkDirectoryInodeStability, moby#19647`,
    "GNU tar: Directory renamed before its status could be extracted",
    "CU25 for files",
  ],
  needs: ["tool:tar"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => {
      for (const name of ["a/b/c/f", "a/g", "x/y"]) plantFile(root, name, "lower");
    });
    const numbers = () =>
      ["", "a", "a/b", "a/b/c", "x"].map((name) => {
        const { ino, dev } = lstatSync(path.join(s.root, name), { bigint: true });
        return { name, ino, dev };
      });
    const before = numbers();
    const fd = openSync(path.join(s.root, "a/b"), "r");
    try {
      s.edit((root) => {
        writeFileSync(path.join(root, "a/b/c/f"), "copied up");
        writeFileSync(path.join(root, "x/new"), "");
        chmodSync(path.join(root, "a"), 0o700);
      });
      trial.equal(numbers(), before, "inode and device numbers after writing inside");
      // Directories of the archive get their modes and times at the end, from names: that is where tar compares.
      const tree = trial.directoryFor("tree");
      for (const name of ["a/b/c/f", "a/b/n", "x/z/w"]) plantFile(tree, name, "from tar");
      chmodSync(path.join(tree, "a/b"), 0o750);
      const archive = path.join(trial.directoryFor("archive"), "a.tar");
      // Not the time it is now: a whole second of it may fall into the first edit, and would be taken for made there.
      execFileSync("tar", ["-C", tree, "--mtime=@1600000000", "-cf", archive, "a", "x"]);
      s.edit((root) => execFileSync("tar", ["-C", root, "-xf", archive], { stdio: ["ignore", "pipe", "pipe"] }).length);
      trial.equal(numbers(), before, "inode and device numbers after tar");
      trial.equal(fstatSync(fd, { bigint: true }).ino, before[2]?.ino, "what an open descriptor of it says");
    } finally {
      closeSync(fd);
    }
    s.compare({ ignoreLinks: true });
  },
};

export const openFileInode: Check = {
  id: "CD04",
  title: "an open file keeps its inode number over copy-up, chmod, rename and unlink: tail -F does not start again",
  restsOn: ["inodes"],
  cites: [`${WANTED}: checkOpenFileInodeStability, moby#12327`, "CU13 for what such a descriptor reads"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => plantFile(root, "log", "lower\n"));
    const fds: Record<string, number> = {};
    const root = s.root;
    fds.reader = openSync(path.join(root, "log"), "r");
    try {
      const inode = fstatSync(fds.reader, { bigint: true }).ino;
      const same = (when: string, name: string | null) => {
        const seen = [fstatSync(fds.reader ?? -1, { bigint: true }).ino];
        if (name !== null) seen.push(lstatSync(path.join(root, name), { bigint: true }).ino);
        trial.equal(new Set(seen), new Set([inode]), `inode numbers ${when}`);
      };
      writeFileSync(path.join(root, "log"), "more\n", { flag: "a" });
      same("after the copy-up", "log");
      chmodSync(path.join(root, "log"), 0o600);
      same("after chmod", "log");
      renameSync(path.join(root, "log"), path.join(root, "log.1"));
      same("after a rename", "log.1");
      // What logrotate does: the new file is another one.
      writeFileSync(path.join(root, "log"), "new\n");
      trial.ok(lstatSync(path.join(root, "log"), { bigint: true }).ino !== inode, "the new file has another number");
      unlinkSync(path.join(root, "log.1"));
      same("after the unlink", null);
    } finally {
      closeSync(fds.reader);
    }
  },
};
