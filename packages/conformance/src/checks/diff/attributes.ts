import { setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { archive, directory, ROOT } from "../../tar/raw-tar.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import { plantDirectory, plantFile, plantNode } from "../../tree/plant.ts";
import { aclForUser, capabilityXattr } from "../../tree/xattr-values.ts";
import type { Trial } from "../../trial/trial.ts";
import { AWKWARD_VALUE } from "./every-kind.ts";
import { applied, exported, layerOn, viewOf } from "./layers.ts";

/** DA19 */
export const aclsOnce: Check = {
  id: "DA19",
  title:
    "An ACL is in the layer as such, whatever else the filesystem shows of it; what lies in a directory does not inherit it",
  restsOn: ["xattrs"],
  cites: [
    "fs/xfs/xfs_xattr.c: xfs shows root how it stores an ACL, as trusted.SGI_ACL_FILE and SGI_ACL_DEFAULT",
    "layers.md rule 7",
    "found by RD02 on xfs, seed 1428911222",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const acl = aclForUser(trial.host.fullRoot ? 1000 : trial.host.euid, 5);
    const probe = trial.directoryFor("acl");
    const tried = trial.errno(() => setXattr(probe, "system.posix_acl_default", acl));
    if (tried !== null) trial.skip(`this filesystem takes no ACL: ${tried}`);
    const layer = await layerOn(store, null, (root) => {
      plantFile(root, "d/bare", "x", { mode: 0o600 });
      plantFile(root, "f", "x", { xattrs: { "system.posix_acl_access": acl } });
      setXattr(`${root}/d`, "system.posix_acl_default", acl);
    });
    const tar = await exported(store, layer);
    const written = (kind: string) => [`SCHILY.acl.${kind}`, `SCHILY.xattr.system.posix_acl_${kind}`];
    for (const { path, paxKeys } of readCanonical(tar))
      trial.equal(
        paxKeys.filter((key) => /acl/i.test(key)),
        path === "d/" ? written("default") : path === "f" ? written("access") : [],
        `PAX records with an ACL of ${path}`,
      );
    const again = await applied(store, null, tar);
    const view = await viewOf(store, again);
    trial.equal(view.get("d/bare")?.xattrs, [], "xattrs of the file in the directory, applied");
    trial.ok((await exported(store, again)).equals(tar), "the applied layer's diff is the same bytes");
  },
};

/** DA04 */
export const xattrValues: Check = {
  id: "DA04",
  title:
    "xattrs of any bytes are kept: NUL, `=` and newline in the value, no value, 4,000 bytes, capabilities v2 and v3",
  restsOn: ["xattrs"],
  cites: [
    "catalogue.md DA04",
    "tar-stream and modern-tar decode PAX as UTF-8 and destroy security.capability (measured)",
  ],
  async run(trial: Trial) {
    if (!trial.directory.xattrs.user) trial.skip("this filesystem keeps no user xattrs");
    const store = await trial.store();
    const values: Record<string, Buffer> = {
      "user.awkward": AWKWARD_VALUE,
      "user.empty": Buffer.alloc(0),
      "user.every-byte": Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
      // ext4 keeps all of an inode's in one block of 4 KiB.
      "user.long": Buffer.alloc(3000, "=\n"),
    };
    const version3 = Buffer.concat([capabilityXattr(10), Buffer.from([0xe8, 3, 0, 0])]);
    version3.writeUInt32LE(0x03000001, 0);
    const layer = await layerOn(store, null, (root) => {
      plantFile(root, "f", "x", { xattrs: values });
      plantDirectory(root, "d", { xattrs: { "user.awkward": AWKWARD_VALUE } });
      if (!trial.host.fullRoot) return;
      plantFile(root, "v2", "x", { xattrs: { "security.capability": capabilityXattr(10) } });
      plantFile(root, "v3", "x", { xattrs: { "security.capability": version3 } });
    });
    const tar = await exported(store, layer);
    const members = new Map(readCanonical(tar).map((m) => [m.path, m]));
    for (const [name, value] of Object.entries(values)) {
      trial.equal(
        members.get("f")?.pax.get(`SCHILY.xattr.${name}`)?.toString("hex"),
        value.toString("hex"),
        `${name} in the archive`,
      );
    }
    const view = await viewOf(store, await applied(store, null, tar));
    const expected = Object.entries(values)
      .map(([name, value]) => `${name}=${value.toString("hex")}`)
      .sort();
    trial.equal(view.get("f")?.xattrs, expected, "xattrs of the file applied");
    trial.equal(
      view.get("d")?.xattrs,
      [`user.awkward=${AWKWARD_VALUE.toString("hex")}`],
      "xattrs of the directory applied",
    );
    if (!trial.host.fullRoot) return;
    trial.equal(
      view.get("v2")?.xattrs,
      [`security.capability=${capabilityXattr(10).toString("hex")}`],
      "capability version 2",
    );
    trial.equal(view.get("v3")?.xattrs, (await viewOf(store, layer)).get("v3")?.xattrs, "capability version 3");
  },
};

/** DA06 */
export const directoryTimes: Check = {
  id: "DA06",
  title: "A directory's mtime is the archive's, set after its children; without an entry it is that of the view below",
  restsOn: ["times"],
  cites: [
    "catalogue.md DA06",
    "layers.md: a parent directory without an entry",
    "containers/storage naive apply (measured)",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const tar = archive(
      { ...ROOT, mtime: 111 },
      directory("d", { mtime: 222, mode: 0o700 }),
      directory("d/e", { mtime: 333 }),
      { path: "d/e/f", data: "f" },
      { path: "d/last", data: "l" },
    );
    const base = await applied(store, null, tar);
    const times = async (layer: { id: string }) => {
      const view = await viewOf(store, layer);
      return ["", "d", "d/e"].map(
        (path) => `${view.get(path)?.permissions.toString(8)} ${(view.get(path)?.mtimeNs ?? 0n) / 1_000_000_000n}`,
      );
    };
    trial.equal(await times(base), ["755 111", "700 222", "755 333"], "mode and mtime of /, d, d/e");
    const unmentioned = await applied(store, base, archive({ path: "d/e/g", data: "g" }, { path: "d/e/.wh.f" }));
    trial.equal(
      await times(unmentioned),
      ["755 111", "700 222", "755 333"],
      "after a layer that does not mention them",
    );
    const late = archive(
      { path: "d/e/g", data: "g" },
      directory("d/e", { mtime: 444 }),
      directory("d", { mtime: 555 }),
      { path: "d/e/h" },
    );
    trial.equal(
      await times(await applied(store, base, late)),
      ["755 111", "755 555", "755 444"],
      "entries after the children",
    );
  },
};

/** DA07 */
export const specialFiles: Check = {
  id: "DA07",
  title: "Fifos and devices are kept; a socket is left out of the archive and is no error",
  restsOn: ["special"],
  cites: ["catalogue.md DA07", "layers.md rule 7", "moby/buildkit#3965: vfs fails on unix sockets"],
  async run(trial: Trial) {
    const store = await trial.store();
    const devices = trial.host.fullRoot;
    const layer = await layerOn(store, null, (root) => {
      plantNode(root, "socket", "socket");
      plantNode(root, "fifo", "fifo", { mode: 0o640 });
      plantFile(root, "zz", "after the socket");
      if (!devices) return;
      plantNode(root, "char", "char", { major: 1, minor: 3, mode: 0o666 });
      plantNode(root, "block", "block", { major: 259, minor: 200_000, mode: 0o600 });
    });
    trial.equal((await viewOf(store, layer)).get("socket")?.type, "socket", "the layer itself keeps the socket");
    const tar = await exported(store, layer);
    const members = readCanonical(tar);
    trial.equal(pathsOf(members), ["./", ...(devices ? ["block", "char"] : []), "fifo", "zz"], "the archive's members");
    const view = await viewOf(store, await applied(store, null, tar));
    trial.equal([view.get("fifo")?.type, view.get("fifo")?.permissions], ["fifo", 0o640], "the fifo");
    if (!devices) return;
    trial.equal([view.get("char")?.type, view.get("char")?.device], ["char", "1:3"], "the character device");
    trial.equal([view.get("block")?.type, view.get("block")?.device], ["block", "259:200000"], "the block device");
  },
};

/** DA09 */
export const orderOfAttributes: Check = {
  id: "DA09",
  title: "Owner, then mode, then xattrs: suid and capabilities survive the chown of an apply",
  restsOn: ["xattrs"],
  cites: ["catalogue.md DA09", "capabilities(7): a chown drops suid and file capabilities", "catalogue.md CU06"],
  needs: ["ids"],
  async run(trial: Trial) {
    const store = await trial.store();
    const capability = capabilityXattr(10);
    const entry = {
      path: "f",
      mode: 0o6755,
      uid: 1234,
      gid: 5678,
      data: "x",
      xattrs: { "security.capability": capability },
    };
    for (const [what, tar] of [
      ["a file", archive(ROOT, entry)],
      ["a file over another", archive(ROOT, { path: "f", mode: 0o600, data: "y" }, entry)],
      [
        "a file with another name",
        archive(ROOT, entry, { path: "g", type: "1", link: "f", mode: 0o6755, uid: 1234, gid: 5678 }),
      ],
    ] as const) {
      const f = (await viewOf(store, await applied(store, null, tar))).get("f");
      trial.equal([f?.permissions, f?.owner], [0o6755, "1234:5678"], `${what}: mode and owner`);
      trial.equal(f?.xattrs, [`security.capability=${capability.toString("hex")}`], `${what}: capability`);
    }
  },
};
