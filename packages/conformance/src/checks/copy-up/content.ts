import {
  appendFileSync,
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const writeOneByte: Check = {
  id: "CU01",
  title: "one byte written in the middle of a 1 MiB lower file leaves the rest as it was",
  restsOn: ["extents"],
  cites: ["overlayfs.rst, Non-directories", "xfstests overlay/001", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "d/big", Buffer.alloc(1 << 20, "0123456789abcdef!")));
    const base = s.baseFingerprint();
    s.edit((root) => {
      const fd = openSync(`${root}/d/big`, "r+");
      writeSync(fd, "#", 1 << 19);
      closeSync(fd);
    });
    await expectKept(t, s, base);
  },
};

export const truncateOnOpen: Check = {
  id: "CU15",
  title: "open with O_TRUNC of a lower file empties it and keeps mode, owner and xattrs",
  cites: ["overlayfs.rst, Non-directories", "measured on 6.18"],
  deviations: { "suid-lost": "the copy-up drops set-user-id and set-group-id (fuse-overlayfs)" },
  async run(t: Trial) {
    const xattrs = t.directory.xattrs.user ? { "user.kept": "yes" } : {};
    const s = await t.scenario((root) => plantFile(root, "f", Buffer.alloc(1 << 20, "x"), { mode: 0o6751, xattrs }));
    const base = s.baseFingerprint();
    const mode = s.observe((root) => {
      closeSync(openSync(`${root}/f`, constants.O_WRONLY | constants.O_TRUNC));
      return statSync(`${root}/f`).mode & 0o7777;
    });
    if (mode.model !== mode.mount && mode.mount === 0o751) return "suid-lost";
    t.equal(statSync(`${s.root}/f`).blocks, 0, "blocks of the emptied file");
    await expectKept(t, s, base);
    return;
  },
};

export const appendToLower: Check = {
  id: "CU16",
  title: "a write with O_APPEND goes behind the lower file's bytes",
  cites: ["unionmount-testsuite open-append.py", "measured on 6.18"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "log", "first line\n"));
    const base = s.baseFingerprint();
    s.edit((root) => {
      appendFileSync(`${root}/log`, "second\n");
      appendFileSync(`${root}/log`, "third\n");
    });
    await expectKept(t, s, base);
  },
};

export const shrinkAndGrow: Check = {
  id: "CU32",
  title: "a lower file shrunk and grown again is filled with zeros",
  restsOn: ["extents"],
  cites: ["unionmount-testsuite truncate.py", "measured on 6.18, aufs on 6.1"],
  deviations: { EINVAL: "a lower file cannot be cut within a block where the filesystem has reflink (aufs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "0123456789"));
    const base = s.baseFingerprint();
    const told = s.observe((root) => {
      const fd = openSync(`${root}/f`, "r+");
      try {
        ftruncateSync(fd, 3);
      } finally {
        closeSync(fd);
      }
    });
    const refused = t.errno(() => s.edit((root) => truncateSync(`${root}/f`, 10))) ?? null;
    t.equal(told.model, undefined, "in the plain directory");
    t.equal(refused, null, "growing it");
    if (told.mount === undefined) return void (await expectKept(t, s, base));
    t.equal(told.mount, { errno: "EINVAL" }, "cutting it in the mount");
    return "EINVAL";
  },
};
