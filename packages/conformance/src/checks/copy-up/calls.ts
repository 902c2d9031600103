import { closeSync, lstatSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import {
  AT_FDCWD,
  AT_SYMLINK_FOLLOW,
  closeFd,
  errnoName,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FICLONE,
  libc,
  linkAt,
  O_DIRECT,
  O_RDWR,
  O_TMPFILE,
  openAt,
  pin,
  RENAME_EXCHANGE,
  RENAME_NOREPLACE,
  RENAME_WHITEOUT,
  renameAt,
} from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile, setTimes } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const unnamedFile: Check = {
  id: "CU26",
  title: "a file made with O_TMPFILE and linked appears",
  restsOn: ["rename"],
  cites: ["open(2), O_TMPFILE", "measured on 6.18"],
  deviations: { "no-tmpfile": "O_TMPFILE is not supported" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/f", "x"));
    const base = s.baseFingerprint();
    const made = s.observe((root) =>
      t.errno(() => {
        const fd = openAt(AT_FDCWD, `${root}/d`, O_TMPFILE | O_RDWR, 0o644);
        try {
          writeSync(fd, "unnamed");
          linkAt(AT_FDCWD, `/proc/self/fd/${fd}`, AT_FDCWD, `${root}/d/named`, AT_SYMLINK_FOLLOW);
        } finally {
          closeFd(fd);
        }
      }),
    );
    if (made.model === null && made.mount === "EOPNOTSUPP") return "no-tmpfile";
    t.equal(made.mount, made.model, "O_TMPFILE and linkat");
    await expectKept(t, s, base);
    return;
  },
};

export const renameFlags: Check = {
  id: "CU27",
  title: "renameat2 of lower files: NOREPLACE, EXCHANGE and WHITEOUT",
  restsOn: ["rename"],
  cites: ["rename(2)", "measured on 6.18, aufs on 6.1"],
  needs: ["namespace-root"],
  deviations: {
    "whiteout-refused": "RENAME_WHITEOUT is refused; a plain directory leaves a 0:0 device",
    "whiteout-hidden":
      "RENAME_WHITEOUT moves the file, and the device that it leaves is a whiteout: not shown (fuse-overlayfs)",
  },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["a", "b", "d/c", "e"]) plantFile(root, name);
    });
    const base = s.baseFingerprint();
    const rename = (root: string, from: string, to: string, flags: number) =>
      t.errno(() => renameAt(AT_FDCWD, `${root}/${from}`, AT_FDCWD, `${root}/${to}`, flags));
    t.equal(
      s.edit((root) => rename(root, "a", "b", RENAME_NOREPLACE)),
      "EEXIST",
      "NOREPLACE onto an existing name",
    );
    t.equal(
      s.edit((root) => rename(root, "a", "d/c", RENAME_EXCHANGE)),
      null,
      "EXCHANGE of two lower files",
    );
    const whiteout = s.observe((root) => rename(root, "e", "moved", RENAME_WHITEOUT));
    if (whiteout.model !== null) t.skip(`${t.directory.filesystem} refuses RENAME_WHITEOUT itself: ${whiteout.model}`);
    const refused = whiteout.mount === "EINVAL";
    if (whiteout.mount === null && t.errno(() => lstatSync(`${s.root}/e`)) === "ENOENT") {
      await expectKept(t, s, base, { except: ["e"] });
      return "whiteout-hidden";
    }
    await expectKept(t, s, base, refused ? { except: ["e", "moved"], ignoreDirectoryTimes: true } : {});
    if (refused) return "whiteout-refused";
    t.equal(whiteout.mount, null, "RENAME_WHITEOUT");
    return;
  },
};

export const directWrite: Check = {
  id: "CU33",
  title: "a write with O_DIRECT to a lower file arrives",
  restsOn: ["extents"],
  cites: ["open(2), O_DIRECT", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", Buffer.alloc(8192, "x")));
    const base = s.baseFingerprint();
    const memory = pin(3 * 4096);
    const aligned = Math.ceil(memory.ptr / 4096) * 4096;
    memory.buffer.fill("D");
    s.edit((root) =>
      t.errno(() => {
        const fd = openAt(AT_FDCWD, `${root}/f`, O_RDWR | O_DIRECT);
        try {
          return libc.pwrite(fd, aligned, 4096, 4096);
        } finally {
          closeFd(fd);
        }
      }),
    );
    await expectKept(t, s, base);
  },
};

export const cloneAndPunch: Check = {
  id: "CU36",
  title: "copy_file_range, FICLONE and punching a hole work on lower files as the filesystem does",
  restsOn: ["extents"],
  cites: ["copy_file_range(2)", "ioctl_ficlone(2)", "fallocate(2)", "measured on 6.18"],
  deviations: { "no-clone": "FICLONE is EOPNOTSUPP, though the filesystem below clones (a FUSE daemon is not asked)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["from", "punched"]) plantFile(root, name, Buffer.alloc(100_000, name));
    });
    const base = s.baseFingerprint();
    const told = (result: number) => (result < 0 ? errnoName(-result) : result);
    const results = s.edit((root) => {
      const from = openSync(`${root}/from`, "r");
      const ranged = openSync(`${root}/ranged`, "w");
      const punched = openSync(`${root}/punched`, "r+");
      try {
        return [
          told(libc.copyFileRange(from, 0, ranged, 0, 100_000, 0)),
          told(libc.fallocate(punched, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 8192)),
        ];
      } finally {
        for (const fd of [from, ranged, punched]) closeSync(fd);
      }
    });
    t.equal(results[0], 100_000, "bytes copied by copy_file_range");
    const cloned = s.observe((root) => {
      const from = openSync(`${root}/from`, "r");
      const to = openSync(`${root}/cloned`, "w");
      try {
        const result = told(libc.ioctl(to, FICLONE, from));
        // Whatever it did, both trees go on alike.
        if (result === 0) t.equal(`${readFileSync(`${root}/cloned`)}`, `${readFileSync(from)}`, "bytes of the clone");
        return result;
      } finally {
        for (const fd of [from, to]) closeSync(fd);
        unlinkSync(`${root}/cloned`);
      }
    });
    await expectKept(t, s, base);
    if (cloned.model === 0 && cloned.mount === "EOPNOTSUPP") return "no-clone";
    t.equal(cloned.mount, cloned.model, "what FICLONE says");
  },
};

export const nanosecondTimes: Check = {
  id: "CU37",
  title: "utimensat on a lower file sets both times to the nanosecond",
  restsOn: ["times"],
  cites: ["utimensat(2)", "measured on 6.18, aufs on 6.1"],
  deviations: { "times-truncated": "times set through the mount lose their nanoseconds (aufs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "x"));
    const set = s.observe((root) => {
      setTimes(`${root}/f`, 5_000_000_001n, 6_000_000_002n);
      const { atimeNs, mtimeNs } = lstatSync(`${root}/f`, { bigint: true });
      return `${atimeNs} ${mtimeNs}`;
    });
    t.equal(set.model, "5000000001 6000000002", "times of the model");
    if (set.mount === "5000000000 6000000000") return "times-truncated";
    t.equal(set.mount, set.model, "times of the mount");
    await s.remount();
    s.compare();
    return;
  },
};
