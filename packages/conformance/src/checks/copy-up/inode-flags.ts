import { closeSync, openSync, readFileSync, unlinkSync } from "node:fs";
import { addressOf, FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, libc, SystemError } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

const FS_IMMUTABLE_FL = 0x10;

function setImmutable(path: string, on: boolean): void {
  const fd = openSync(path, "r");
  const flags = Buffer.alloc(8);
  try {
    let result = libc.ioctl(fd, FS_IOC_GETFLAGS, addressOf(flags));
    const before = flags.readUInt32LE(0);
    flags.writeUInt32LE((on ? before | FS_IMMUTABLE_FL : before & ~FS_IMMUTABLE_FL) >>> 0, 0);
    if (result === 0) result = libc.ioctl(fd, FS_IOC_SETFLAGS, addressOf(flags));
    if (result < 0) throw new SystemError("ioctl FS_IOC_SETFLAGS", -result, path);
  } finally {
    closeSync(fd);
  }
}

export const immutableLower: Check = {
  id: "CU31",
  title: "an immutable lower file can be neither written nor deleted",
  cites: ["ioctl_iflags(2)", "xfstests overlay/078, overlay/040", "kernel 5.15"],
  needs: ["root"],
  deviations: { "flag-dropped": "the flag is not carried over: the file can be written and deleted" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "x"));
    const store = await t.store();
    const lower = `${store.access(s.base).dir}/f`;
    const immutable = [lower, `${s.model}/f`];
    const refused = t.errno(() => {
      for (const path of immutable) setImmutable(path, true);
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
      for (const path of immutable) t.errno(() => setImmutable(path, false));
    }
    return;
  },
};
