import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import { setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { readCanonical } from "../../tar/read-canonical.ts";
import { plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { editWithOptions } from "../layers/foreign-options.ts";
import { applied, exported, layerOn, viewOf } from "./layers.ts";

/** DA10 */
export const redirectsAndMetacopies: Check = {
  id: "DA10",
  title:
    "An upper with a redirect or a metacopy file is resolved or refused by name, never exported as zeros or half a tree",
  restsOn: ["xattrs"],
  cites: [
    "catalogue.md DA10, LA18, LA19",
    "moby/buildkit#2490: redirect_dir breaks native diff",
    "kernel overlayfs.rst, Metadata only copy up",
  ],
  needs: ["root", "mount"],
  async run(trial: Trial) {
    const store = await trial.store();
    const content = Buffer.alloc(100_000, "content ");
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "d/f", "f");
      plantFile(root, "big", content);
    });
    for (const [option, edit] of [
      ["redirect_dir=on", (root: string) => renameSync(`${root}/d`, `${root}/moved`)],
      ["metacopy=on,redirect_dir=on", (root: string) => chmodSync(`${root}/big`, 0o600)],
    ] as const) {
      await using active = await store.prepare({ parent: base.id });
      // A whole tree has no marks; by another dialect's marks this check has nothing to say.
      if (!(await editWithOptions(trial, store, active.id, option.split(","), edit))) return;
      const tar = await exported(store, active).catch((error: unknown) => error);
      if (!Buffer.isBuffer(tar)) {
        trial.ok(
          isStorageError(tar) && /moved|big/.test(`${tar.message}${tar.path}`),
          `${option}: refused by name, not ${tar}`,
        );
        continue;
      }
      const members = new Map(readCanonical(tar).map((m) => [m.path, m]));
      if (option.startsWith("metacopy"))
        trial.ok(members.get("big")?.data.equals(content), "the metacopy file's real bytes");
      else
        trial.equal(
          [members.get("moved/f")?.data.toString(), members.has(".wh.d")],
          ["f", true],
          "the moved directory's real content",
        );
    }
  },
};

/** DA11 */
export const privateXattrsLeftOut: Check = {
  id: "DA11",
  title: "The driver's and fuse-overlayfs' private xattrs are not exported; a user's own of such a name is, unescaped",
  restsOn: ["xattrs"],
  cites: [
    "catalogue.md DA11, ME09",
    "layers.md rule 7",
    "kernel overlayfs.rst, Nesting overlayfs mounts (escaping since 6.7)",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "d/f");
      plantFile(root, "e/g");
    });
    const users = trial.host.fullRoot ? ["trusted.overlay.own"] : [];
    const taken: string[] = [];
    const layer = await layerOn(store, base, (root) => {
      rmSync(`${root}/d`, { recursive: true });
      mkdirSync(`${root}/d`);
      // Copied up, so overlay notes its origin; e is impure then, d opaque.
      chmodSync(`${root}/e/g`, 0o600);
      // fuse-overlayfs keeps it for itself, as an overlay mount before 6.7 does what is its own: EPERM.
      if (trial.directory.xattrs.user) trial.errno(() => setXattr(`${root}/e/g`, "user.fuseoverlayfs.origin", "x"));
      // Before 6.7 an overlay mount refuses names that are its own.
      for (const name of users) if (trial.errno(() => setXattr(`${root}/e/g`, name, "mine")) === null) taken.push(name);
    });
    const tar = await exported(store, layer);
    const keys = readCanonical(tar).flatMap((m) => m.paxKeys.map((key) => `${m.path} ${key}`));
    const expected = taken.map((name) => `e/g SCHILY.xattr.${name}`);
    trial.equal(
      keys.filter((key) => /overlay/.test(key)),
      expected,
      "xattrs named after overlay or fuse-overlayfs",
    );
    const again = await applied(store, base, tar);
    trial.equal((await viewOf(store, again)).get("e/g")?.xattrs, [], "and an apply takes none of them (MT10)");
  },
};
