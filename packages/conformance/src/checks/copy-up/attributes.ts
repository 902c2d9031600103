import { chmodSync, chownSync, lstatSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { getXattr, removeXattr, setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import { aclForUser, capabilityXattr } from "../../tree/xattr-values.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

const CAP_NET_BIND_SERVICE = 10;

export const attributesKept: Check = {
  id: "CU02",
  title: "copy-up keeps mode with suid and sgid, owner, and both times to the nanosecond",
  restsOn: ["times"],
  cites: ["overlayfs.rst, Non-directories", "pjdfstest chmod, chown", "measured on 6.18"],
  needs: ["root"],
  deviations: { "suid-lost": "the copy-up drops set-user-id and set-group-id (fuse-overlayfs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) =>
      plantFile(root, "f", "x", {
        mode: 0o6751,
        uid: 123,
        gid: 456,
        mtimeNs: 981_173_106_123_456_789n,
        atimeNs: 981_173_107_987_654_321n,
      }),
    );
    const base = s.baseFingerprint();
    const atime = () => lstatSync(`${s.root}/f`, { bigint: true }).atimeNs;
    const before = atime();
    s.edit((root) => setXattr(`${root}/f`, "trusted.new", "value"));
    t.equal(atime(), before, "access time over the copy-up");
    // What the kernel has cached of the mode is as before, also where the copy has another.
    await s.remount();
    const lost = (lstatSync(`${s.root}/f`).mode & 0o7777) === 0o751;
    if (lost) chmodSync(`${s.root}/f`, 0o6751);
    await expectKept(t, s, base);
    return lost ? "suid-lost" : undefined;
  },
};

export const xattrsKept: Check = {
  id: "CU03",
  title: "copy-up keeps user and trusted xattrs and the ACL, and adds the new one",
  restsOn: ["xattrs"],
  cites: ["overlayfs.rst, Non-directories", "xfstests generic/062", "measured on 6.18"],
  needs: ["root"],
  async run(t: Trial) {
    const user: Record<string, Uint8Array> = t.directory.xattrs.user
      ? { "user.binary": Buffer.from("\0=\n\xff", "latin1") }
      : {};
    const xattrs = { ...user, "trusted.a": "one", "system.posix_acl_access": aclForUser(1000, 6) };
    const s = await t.scenario((root) => plantFile(root, "f", "x", { mode: 0o640, xattrs }));
    const base = s.baseFingerprint();
    s.edit((root) => setXattr(`${root}/f`, "trusted.b", ""));
    t.ok(getXattr(`${s.root}/f`, "system.posix_acl_access"), "the ACL is still there");
    await expectKept(t, s, base);
  },
};

export const xattrRemoved: Check = {
  id: "CU04",
  title: "an xattr removed from a lower file stays removed, the others stay",
  restsOn: ["xattrs"],
  cites: ["overlayfs.rst, Non-directories", "measured on 6.18, aufs on 6.1"],
  deviations: { "left-empty": "the attribute is still there, with an empty value (aufs)" },
  async run(t: Trial) {
    if (!t.directory.xattrs.user) t.skip(`${t.directory.filesystem} keeps no user xattrs here`);
    const xattrs = { "user.gone": "1", "user.stays": "2" };
    const s = await t.scenario((root) => {
      plantFile(root, "d/f", "x", { xattrs });
      plantDirectory(root, "d", { xattrs });
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      removeXattr(`${root}/d/f`, "user.gone");
      removeXattr(`${root}/d`, "user.gone");
    });
    const left = ["d", "d/f"].map((name) => getXattr(`${s.root}/${name}`, "user.gone")?.length ?? null);
    if (left.every((length) => length === 0)) {
      t.equal(getXattr(`${s.root}/d/f`, "user.stays")?.toString(), "2", "the other attribute");
      t.equal(s.baseFingerprint(), base, "the base layer's own directory");
      return "left-empty";
    }
    t.equal(left, [null, null], "user.gone of d and d/f");
    await expectKept(t, s, base);
    t.equal(getXattr(`${s.root}/d`, "user.gone"), null, "user.gone of d after a remount");
    return;
  },
};

export const defaultAcl: Check = {
  id: "CU05",
  title: "a lower directory's default ACL is kept and inherited by what is created in it",
  restsOn: ["xattrs"],
  cites: ["acl(5), object creation and default ACLs", "xfstests generic/319", "measured on 6.18"],
  deviations: { "umask-applied": "the umask takes its share although a default ACL decides (fuse-overlayfs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantDirectory(root, "d"));
    // In a user namespace only an id that it maps can be named: EINVAL.
    const acl = aclForUser(t.host.fullRoot ? 1000 : t.host.euid, 5);
    const tried = t.errno(() => setXattr(s.model, "system.posix_acl_default", acl));
    if (tried !== null) t.skip(`${t.directory.filesystem} keeps no ACLs here (${tried})`);
    const u = await t.scenario((root) => plantDirectory(root, "d", { xattrs: { "system.posix_acl_default": acl } }));
    const base = u.baseFingerprint();
    u.edit((root) => {
      writeFileSync(`${root}/d/f`, "x");
      mkdirSync(`${root}/d/sub`);
    });
    t.ok(getXattr(`${u.root}/d/f`, "system.posix_acl_access"), "the new file has an inherited ACL");
    t.ok(getXattr(`${u.root}/d/sub`, "system.posix_acl_default"), "the new directory passes it on");
    const made = ["d/f", "d/sub"];
    const modes = (root: string) => made.map((name) => lstatSync(`${root}/${name}`).mode);
    const wanted = modes(u.model);
    if (modes(u.root).join() !== wanted.join()) {
      const mask = process.umask();
      t.equal(
        modes(u.root),
        wanted.map((mode) => mode & ~mask),
        "modes of what was created, less the umask",
      );
      await expectKept(t, u, base, { except: made });
      return "umask-applied";
    }
    await expectKept(t, u, base);
    return;
  },
};

export const capabilities: Check = {
  id: "CU06",
  title: "a file capability survives chmod and utime, and is dropped by chown and write",
  restsOn: ["xattrs"],
  cites: ["capabilities(7), file capabilities", "xfstests generic/093", "measured on 6.18, aufs on 6.1"],
  needs: ["ids"],
  deviations: { "left-unreadable": "dropped, but an empty attribute stays that nobody can read: EINVAL (aufs)" },
  async run(t: Trial) {
    const xattrs = { "security.capability": capabilityXattr(CAP_NET_BIND_SERVICE) };
    const s = await t.scenario((root) => {
      for (const name of ["chmod", "utime", "chown", "write"]) plantFile(root, name, "#!", { mode: 0o755, xattrs });
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      chmodSync(`${root}/chmod`, 0o700);
      utimesSync(`${root}/utime`, 1, 2);
      chownSync(`${root}/chown`, 7, 8);
      writeFileSync(`${root}/write`, "changed");
    });
    const capability = (name: string) => getXattr(`${s.root}/${name}`, "security.capability");
    const unreadable = (name: string) => t.errno(() => capability(name)) === "EINVAL";
    if (["chown", "write"].every(unreadable) && capability("chmod") && capability("utime")) {
      t.equal(s.baseFingerprint(), base, "the base layer's own directory");
      return "left-unreadable";
    }
    const has = (name: string) => capability(name) !== null;
    t.equal(
      ["chmod", "utime", "chown", "write"].map(has),
      [true, true, false, false],
      "capability kept by chmod, utime, chown, write",
    );
    await expectKept(t, s, base);
    return;
  },
};
