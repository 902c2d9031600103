import { lstatSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AT_FDCWD, mknodAt, S_IFCHR } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { tarOf } from "../../tar/tar-of-specs.ts";
import { declaredOutcome } from "../../trial/declared-outcome.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported } from "../diff/layers.ts";
import { writeWhiteout } from "./marks.ts";
import { readTree, writeTree } from "./tree-specs.ts";

export const zeroDeviceInTheMount: Check = {
  id: "WH09",
  title: "mknod c 0 0 in the mount is refused or gives a device, never an invisible file",
  restsOn: ["special"],
  cites: [
    "overlayfs.rst, whiteouts: a character device 0/0",
    "fuse-overlayfs: ENOENT afterwards (measured, 1.10)",
    "layers.md rule 7",
  ],
  deviations: {
    EPERM: "a 0:0 character device is the filesystem's own whiteout and cannot be made through the mount",
    ENOENT: "the same, with another error; and the first listing of that directory after it is empty (fuse-overlayfs)",
  },
  needs: ["namespace-root"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["other=o"]));
    const seen = s.observe((root) => mknodAt(AT_FDCWD, path.join(root, "zero"), S_IFCHR | 0o600, 0, 0));
    if (seen.mount !== undefined) {
      // Only its first listing, as measured.
      if (seen.mount.errno === "ENOENT") readdirSync(s.root);
      trial.equal(readdirSync(s.root), ["other"], "names after the refusal");
      trial.equal(
        s.edit((root) => trial.errno(() => writeFileSync(path.join(root, "after"), ""))),
        null,
        "the next write",
      );
      return seen.mount.errno;
    }
    for (const when of ["at once", "after a remount"]) {
      if (when !== "at once") await s.remount();
      trial.equal(readdirSync(s.root).sort(), ["other", "zero"], `names ${when}`);
      const stat = lstatSync(path.join(s.root, "zero"));
      trial.ok(stat.isCharacterDevice() && stat.rdev === 0, `a character device 0:0 ${when}`);
    }
    // In an archive it would be read as a whiteout by half of the world.
    const store = await trial.store();
    const refused = await trial.rejects(
      exported(store, s),
      "NOT_REPRESENTABLE",
      "the diff of a layer with a 0:0 device",
    );
    trial.ok(refused.message.includes("zero"), `the refusal names the path: ${refused.message}`);
  },
};

export const whiteoutInTheLowestLayer: Check = {
  id: "WH10",
  title: "whiteouts and opaque markers in the lowest layer hide nothing and are not seen",
  restsOn: ["special", "xattrs"],
  cites: [
    "OCI image-spec layer.md: a whiteout hides lower layers only",
    "layers.md: whiteouts for names nobody has are harmless",
    "xfstests overlay/011",
  ],
  async run(trial: Trial) {
    const store = await trial.store();
    const tar = tarOf(".wh.x", "d/", "d/.wh..wh..opq", "d/.wh.y", "d/n=1", "kept=2");
    const { layer: base } = await store.apply([tar]);
    // As another tool may have left it there: a hidden entry even where there is nothing to hide.
    writeWhiteout(store.access(base).dir, "by-hand", base.dialect);
    const above = await store.prepare({ parent: base.id });
    for (const [what, id] of [
      ["the layer alone", base.id],
      ["a layer on top of it", above.id],
    ] as const) {
      const mount = await store.mount(id, id === base.id ? { mode: "ro" } : {});
      trial.equal(readTree(mount.path), ["d/n=1", "kept=2"], `the view of ${what}`);
      for (const name of ["x", "d/y", ".wh.x", "by-hand"]) {
        trial.equal(
          trial.errno(() => lstatSync(path.join(mount.path, name))),
          // A name of the filesystem's own may be told to be that (aufs: EPERM).
          name === ".wh.x" && declaredOutcome(trial, "WH14") === "EPERM" ? "EPERM" : "ENOENT",
          `lstat ${name} in ${what}`,
        );
      }
      if (id === above.id) {
        writeTree(mount.path, ["by-hand=now real", "d/y=now real", "x=now real"]);
        const after = ["by-hand=now real", "d/n=1", "d/y=now real", "kept=2", "x=now real"];
        trial.equal(readTree(mount.path), after, "the view after making the hidden names");
      }
      await mount.unmount();
    }
  },
};
