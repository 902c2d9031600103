import { lstatSync, rmSync } from "node:fs";
import { AT_FDCWD, mknodAt, S_IFCHR } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { pathsOf, readCanonical } from "../../tar/read-canonical.ts";
import { plantDirectory, plantFile, plantNode, plantSymlink } from "../../tree/plant.ts";
import { keepingTimes } from "../../trial/keeping-times.ts";
import type { Trial } from "../../trial/trial.ts";
import { plantEveryKind } from "./every-kind.ts";
import { changeList, exported, layerOn } from "./layers.ts";

/** LY05 */
export const order: Check = {
  id: "LY05",
  title: "Depth first, names compared as bytes, whiteouts before the other entries of their directory",
  restsOn: ["listing"],
  cites: ["layers.md rule 5", "OCI image-spec layer.md, Whiteouts: before sibling directory entries"],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      for (const path of ["d/a/x", "d/b-gone", "d/z-gone", "d/c/y", "d/B", "d/a.b", "d/\u00e9", "d/~"])
        plantFile(root, path);
    });
    const all = pathsOf(readCanonical(await exported(store, base)));
    const e = Buffer.from("\u00e9").toString("latin1");
    trial.equal(
      all,
      ["./", "d/", "d/B", "d/a/", "d/a/x", "d/a.b", "d/b-gone", "d/c/", "d/c/y", "d/z-gone", "d/~", `d/${e}`],
      "a base",
    );
    const layer = await layerOn(store, base, (root) =>
      keepingTimes(trial, root, [""], () => {
        for (const name of ["d/b-gone", "d/z-gone"]) rmSync(`${root}/${name}`);
        for (const name of ["d/a/x", "d/c/y", "d/B", "d/b"]) plantFile(root, name, "edited");
      }),
    );
    const paths = pathsOf(readCanonical(await exported(store, layer)));
    trial.equal(paths, EXPECTED_ORDER, "whiteouts among their siblings");
    const hidden = (await changeList(store, layer)).filter((c) => c.startsWith("delete"));
    trial.equal(hidden, ["delete d/b-gone", "delete d/z-gone"], "deletions in order");
  },
};

const EXPECTED_ORDER = ["d/", "d/.wh.b-gone", "d/.wh.z-gone", "d/B", "d/a/", "d/a/x", "d/b", "d/c/", "d/c/y"];

/** LY06 */
export const format: Check = {
  id: "LY06",
  title: "ustar, PAX records only where needed and sorted, no user or group names, no atime or ctime, no sparse maps",
  cites: ["layers.md rule 6", "POSIX pax, ustar interchange format"],
  async run(trial: Trial) {
    const store = await trial.store();
    const layer = await layerOn(store, null, (root) => plantEveryKind(trial, root));
    // readCanonical throws for whatever has no place in the format.
    const members = readCanonical(await exported(store, layer));
    const by = new Map(members.map((m) => [m.path, m]));
    trial.equal(by.get("time-whole")?.paxKeys, [], "a file that ustar can say has no PAX header");
    trial.equal(by.get("time-zero")?.paxKeys, [], "mtime 0 too");
    trial.equal(by.get("time-ns")?.paxKeys, ["mtime"], "nanoseconds need one record");
    trial.equal(by.get("time-ns")?.mtime, "1000000000.123456789", "decimal, no trailing zeros");
    trial.equal(
      members.filter((m) => m.type === "2").map((m) => m.mode),
      [0o777, 0o777, 0o777, 0o777, ...(trial.host.fullRoot ? [0o777] : [])],
      "symlinks",
    );
    trial.equal(by.get("sparse")?.data.length, 8 << 20, "a sparse file is written in full");
    trial.equal(
      [...new Set(members.map((m) => m.type))].sort(),
      ["0", "1", "2", ...(trial.host.fullRoot ? ["3", "4"] : []), "5", "6"],
      "types",
    );
    if (!trial.directory.xattrs.user) return;
    const keys = by.get("xattrs")?.paxKeys.filter((k) => k !== "mtime");
    trial.equal(
      keys,
      ["SCHILY.xattr.user.a", "SCHILY.xattr.user.awkward", "SCHILY.xattr.user.b", "SCHILY.xattr.user.empty"],
      "xattrs in order",
    );
  },
};

/** LY07 */
export const notRepresentable: Check = {
  id: "LY07",
  title: "What a layer cannot say is refused by name: a name beginning `.wh.`, a 0:0 character device",
  cites: ["layers.md rule 7", "catalogue.md WH09, WH14"],
  deviations: {
    "made-and-hidden": "a directory called .wh.d can be made, and the next mount does not show it (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const store = await trial.store();
    let hidden = false;
    const refused = async (what: string, edit: (root: string) => void, path: string) => {
      await using active = await store.prepare();
      let made = true;
      {
        await using mount = await active.mount();
        made = trial.errno(() => edit(mount.path)) === null;
      }
      // A driver may refuse it at once (overlay: mknod c 0:0 is EPERM; aufs: `.wh.q` too): then it can never be exported.
      if (!made) return;
      {
        await using again = await active.mount();
        if (trial.errno(() => lstatSync(`${again.path}/${path}`)) === "ENOENT") {
          hidden = true;
          return;
        }
      }
      const error = await trial.rejects(exported(store, active), "NOT_REPRESENTABLE", what);
      trial.ok(error.message.includes(path), `${what}: "${error.message}" names ${path}`);
    };
    await refused("a file .wh.q", (root) => plantFile(root, "d/.wh.q"), "d/.wh.q");
    await refused("a directory .wh.d", (root) => plantDirectory(root, ".wh.d"), ".wh.d");
    await refused("a symlink .wh..wh..opq", (root) => plantSymlink(root, ".wh..wh..opq", "x"), ".wh..wh..opq");
    if (trial.host.fullRoot)
      await refused("a 0:0 device", (root) => mknodAt(AT_FDCWD, `${root}/zero`, S_IFCHR | 0o600), "zero");
    const sockets = await layerOn(store, null, (root) => plantNode(root, "only-a-socket", "socket"));
    trial.equal(pathsOf(readCanonical(await exported(store, sockets))), ["./"], "a socket is skipped, not refused");
    return hidden ? "made-and-hidden" : undefined;
  },
};
