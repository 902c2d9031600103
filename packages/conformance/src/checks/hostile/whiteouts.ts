import type { Check } from "../../check.ts";
import { archive, directory, hardLink, type RawMember, ROOT, symlink } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { hostileGround } from "./ground.ts";

const cites = ["catalogue.md 6 MT", "OCI image-spec layer.md, Whiteouts", "layers.md: Reading other people's archives"];

/** MT08 */
export const whiteoutsThatEscape: Check = {
  id: "MT08",
  title: "A whiteout cannot delete outside: no `.wh..`, no `.wh...`, none below a symlink or another whiteout",
  cites,
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    for (const path of [".wh.", ".wh..", ".wh...", "dir/.wh.", "dir/.wh..", "dir/.wh...", "../.wh.secret"]) {
      await ground.refuses(`whiteout ${path}`, archive(ROOT, directory("dir"), { path }), { entry: path });
    }
    for (const path of [".wh.dir/keep", ".wh../x", ".wh.../x", ".wh./etc", "dir/.wh.sub/deep"]) {
      await ground.refuses(`a path below a whiteout: ${path}`, archive(ROOT, { path, data: "x" }), { entry: path });
    }
    // What aufs kept in its branches' roots stands in old Docker archives: refused or passed over, never a file.
    const own = await ground.contains(
      "aufs' own directory",
      archive(ROOT, directory(".wh..wh.plnk"), { path: ".wh..wh.plnk/1.2", data: "x" }),
    );
    if (own)
      trial.equal(
        [...own.keys()].filter((path) => path.includes(".wh.")),
        [],
        "aufs' own names",
      );
    for (const target of [ground.victim, `../../../../../../../..${ground.victim}`, "dir"]) {
      const tar = archive(ROOT, symlink("host", target), { path: "host/.wh.secret" });
      await ground.refuses(`whiteout below the archive's symlink to ${target}`, tar, { entry: "host/.wh.secret" });
      const opaque = archive(ROOT, symlink("host", target), { path: "host/.wh..wh..opq" });
      await ground.refuses(`opaque marker below the archive's symlink to ${target}`, opaque, {
        entry: "host/.wh..wh..opq",
      });
    }
    // The parent layer's own symlink is no way out either: layers.md makes a directory of it.
    const view = await ground.contains(
      "whiteout below the parent layer's symlink",
      archive(ROOT, directory("ln"), { path: "ln/.wh.secret" }),
    );
    if (view) trial.equal(view.get("ln")?.type, "directory", "ln");
  },
};

/** MT09 */
export const whiteoutsOfOtherTypes: Check = {
  id: "MT09",
  title: "A whiteout or an opaque marker that is not a regular file is refused",
  cites: [...cites, "aufs answers EIO on such a branch (measured)"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    for (const path of [".wh.file", "dir/.wh.keep", ".wh..wh..opq", "dir/.wh..wh..opq"]) {
      const odd: RawMember[] = [
        directory(path),
        symlink(path, ground.victim),
        hardLink(path, "file"),
        { path, type: "6" },
      ];
      if (trial.host.fullRoot) odd.push({ path, type: "3", device: [1, 3] }, { path, type: "4", device: [7, 0] });
      for (const entry of odd) {
        const tar = archive(ROOT, directory("dir"), { path: "file", data: "own" }, entry);
        await ground.refuses(`${path} of type ${entry.type}`, tar, { entry: path });
      }
    }
  },
};

/** MT10 */
export const privateXattrs: Check = {
  id: "MT10",
  title: "overlay's private xattrs are never taken from an archive: nothing hidden, nothing grafted in",
  cites: [...cites, "kernel overlayfs.rst: layers from untrusted sources", "rules.md rule 6"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const prefixes = trial.host.fullRoot ? ["trusted.overlay.", "user.overlay."] : ["user.overlay."];
    for (const prefix of prefixes) {
      const xattrs = (values: Record<string, string>) =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
      const tar = archive(
        ROOT,
        directory("dir", { xattrs: xattrs({ opaque: "y", origin: "x" }) }),
        directory("other", { xattrs: xattrs({ redirect: "/dir" }) }),
        { path: "file", data: "mine", xattrs: xattrs({ metacopy: "", redirect: "/dir/keep" }) },
        { path: "gone", data: "", xattrs: xattrs({ whiteout: "" }) },
      );
      const view = await ground.accepts(`${prefix}*`, tar);
      trial.equal(view.get("dir/keep")?.text, "kept", `${prefix}opaque hides nothing`);
      trial.equal(view.has("other/keep"), false, `${prefix}redirect grafts nothing`);
      trial.equal(view.get("file")?.text, "mine", `${prefix}metacopy`);
      trial.equal(view.get("gone")?.type, "file", `${prefix}whiteout`);
    }
  },
};

/** MT11 */
export const zeroDevice: Check = {
  id: "MT11",
  title: "A 0:0 character device in an archive is not a whiteout: it is refused, naming it",
  cites: [...cites, "catalogue.md WH09", "layers.md rule 7: it cannot be said in a layer"],
  needs: ["namespace-root"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    for (const path of ["file", "dir/keep", "new"]) {
      const tar = archive(ROOT, directory("dir"), { path, type: "3", device: [0, 0] });
      await ground.refuses(`c 0:0 at ${path}`, tar, { codes: ["BAD_ARCHIVE", "NOT_REPRESENTABLE"], entry: path });
    }
  },
};
