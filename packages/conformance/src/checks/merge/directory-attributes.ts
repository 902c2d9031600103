import { chmodSync, chownSync } from "node:fs";
import { errnoName, getXattr, isSystemError, listXattrs, removeXattr, setXattr } from "@copyup/linux";
import type { LayerStore } from "@copyup/store";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";

const XATTR = "trusted.copyup-test";

/** A committed base with one directory that has one xattr. */
async function baseWith(t: Trial, store: LayerStore, name: string): Promise<string> {
  const tree = t.directoryFor(`tree-${name}`);
  plantFile(tree, "d/f", name);
  plantDirectory(tree, "d", { mode: 0o750, xattrs: { [`${XATTR}.${name}`]: name } });
  return (await store.importTree(tree, { durability: "none" })).layer.id;
}

export const topmostAttributesOnly: Check = {
  id: "ME07",
  title: "a merged directory has the mode, owner and xattrs of the topmost layer alone",
  restsOn: ["xattrs"],
  cites: [
    "overlayfs.rst, Upper and Lower",
    "catalogue, order of value",
    "measured on 6.18: cp -a per layer leaks them",
  ],
  needs: ["root"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "d/f");
      plantDirectory(root, "d", { mode: 0o755, xattrs: { [`${XATTR}.old`]: "1", [`${XATTR}.both`]: "1" } });
    });
    s.edit((root) => {
      removeXattr(`${root}/d`, `${XATTR}.old`);
      setXattr(`${root}/d`, `${XATTR}.both`, "2");
      chmodSync(`${root}/d`, 0o2700);
      chownSync(`${root}/d`, 21, 22);
    });
    await s.commit();
    s.compare();
    // And where the upper layer comes from an archive, whose entry says what the directory has.
    const store = await t.store();
    const [below, above] = [await baseWith(t, store, "below"), await baseWith(t, store, "above")];
    const applied = await store.apply(store.diff(above), { parent: below, durability: "none" });
    await using view = await store.view(applied.layer.id);
    const names = listXattrs(`${view.path}/d`).filter((name) => name.startsWith(XATTR));
    t.equal(names, [`${XATTR}.above`], "xattrs of a directory that an applied layer gave anew");
  },
};

export const privateXattrs: Check = {
  id: "ME09",
  title: "xattrs named like overlay's own can be set, and do what any xattr does",
  restsOn: ["xattrs"],
  cites: ["overlayfs.rst, Nesting overlayfs mounts (6.7)", "xfstests overlay/026", "measured on 6.18"],
  needs: ["root"],
  deviations: {
    "overlay-xattr-refused":
      "setting one is refused with EPERM or EOPNOTSUPP, so a container cannot run overlay inside",
  },
  async run(t: Trial) {
    const names = [
      "trusted.overlay.opaque",
      "trusted.overlayfoo",
      ...(t.directory.xattrs.user ? ["user.overlay.x"] : []),
    ];
    const s = await t.scenario((root) => plantFile(root, "d/f"));
    const set = s.observe((root) =>
      names.map((name) => {
        try {
          setXattr(`${root}/d`, name, "y");
          return name;
        } catch (error) {
          if (isSystemError(error)) return errnoName(error.errno);
          throw error;
        }
      }),
    );
    const first = Array.isArray(set.mount) ? set.mount[0] : null;
    // EOPNOTSUPP is what 5.10 and 6.1 answer.
    if (first === "EPERM" || first === "EOPNOTSUPP") return "overlay-xattr-refused";
    t.equal(set.mount, set.model, "what setting them gave");
    s.compare();
    await s.commit();
    s.compare();
    for (const name of names) t.equal(getXattr(`${s.root}/d`, name)?.toString(), "y", `${name} one layer higher`);
    return;
  },
};
