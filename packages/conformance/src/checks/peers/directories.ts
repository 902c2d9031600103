import { chmodSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import { plantDirectory, plantFile } from "../../tree/plant.ts";
import { asUser } from "../../trial/as-user.ts";
import type { Trial } from "../../trial/trial.ts";
import { viewing } from "../diff/layers.ts";
import { WANTED } from "./cites.ts";

export const getCwd: Check = {
  id: "CD05",
  title: "getcwd answers, and relative names work, in a working directory that is copied up, and that rmdir refused",
  cites: [`${WANTED}: checkGetCWD, moby#19082`, "ME12 for the tools", "xfstests overlay/007"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => plantFile(root, "a/b/f", "lower"));
    const home = process.cwd();
    try {
      s.edit((root) => {
        process.chdir(path.join(root, "a/b"));
        const where = () => path.relative(root, readlinkSync("/proc/self/cwd"));
        const told = [where()];
        chmodSync(".", 0o700);
        told.push(where());
        const refused = trial.errno(() => rmdirSync(path.join(root, "a/b")));
        told.push(where(), refused ?? "removed");
        writeFileSync("new", "by a relative name");
        mkdirSync("../c");
        told.push(...readdirSync(".").sort(), ...readdirSync("..").sort());
        process.chdir("..");
        told.push(where());
        return told;
      });
    } finally {
      goBack(home);
    }
    await s.remount();
    s.compare();
  },
};

export const chmodInLayers: Check = {
  id: "CD06",
  title:
    "chmod of a lower file, directory and root by its owner holds in the layer, not in its parent, and over a commit",
  cites: [
    `${WANTED}: checkChmod, docker/machine#3327 (chmod of the user's own home: permission denied)`,
    "containerd testsuite Chown, DirectoryPermissionOnCommit, RootPermission",
  ],
  needs: ["ids"],
  async run(trial: Trial) {
    const [uid, others] = [1000, 0o755];
    const s = await trial.scenario((root) => {
      plantDirectory(root, "home", { uid, gid: uid, mode: others });
      plantFile(root, "home/key", "secret", { uid, gid: uid });
      plantFile(root, "root's", "x", { mode: 0o644 });
    });
    s.edit((root) => {
      asUser(uid, path.join(root, "home"), (home) => {
        chmodSync(home, 0o700);
        chmodSync(path.join(home, "key"), 0o4600);
      });
      const refused = trial.errno(() => asUser(uid, root, (at) => chmodSync(path.join(at, "root's"), 0o666)));
      chmodSync(root, 0o711);
      return refused;
    });
    await s.remount();
    s.compare();
    const committed = await s.commit();
    s.compare();
    const modes = (root: string) =>
      ["", "home", "home/key", "root's"].map((name) => (lstatSync(path.join(root, name)).mode & 0o7777).toString(8));
    const store = await trial.store();
    trial.equal(await viewing(store, committed, modes), ["711", "700", "4600", "644"], "modes in the committed layer");
    trial.equal(await viewing(store, s.base, modes), ["755", "755", "644", "644"], "modes in its parent");
  },
};

/** A user may have been started in a directory that it cannot enter (under setpriv or su, say). */
function goBack(home: string): void {
  try {
    process.chdir(home);
  } catch {
    process.chdir("/");
  }
}
