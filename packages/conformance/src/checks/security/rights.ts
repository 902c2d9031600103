import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { getXattr, listXattrs, MS_BIND, MS_NODEV, MS_NOSUID, MS_RDONLY, MS_REMOUNT, mount2 } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { giveAttributes, plantDirectory, plantFile, plantNode } from "../../tree/plant.ts";
import { asUser } from "../../trial/as-user.ts";
import type { Trial } from "../../trial/trial.ts";
import { layerOn } from "../diff/layers.ts";

const NOBODY = 65534;

export const suidAndDevices: Check = {
  id: "SE03",
  title: "suid programs and devices of a layer work in its mount, and not once that is made nosuid,nodev",
  cites: ["mount(2), MS_NOSUID and MS_NODEV", "measured on 6.18"],
  needs: ["root", "mount", "tool:id"],
  async run(trial: Trial) {
    const build = (root: string) => {
      copyFileSync(execFileSync("sh", ["-c", "command -v id"], { encoding: "utf8" }).trim(), path.join(root, "id"));
      giveAttributes(path.join(root, "id"), { mode: 0o4755, uid: 0, gid: 0 });
      plantNode(root, "null", "char", { major: 1, minor: 3, mode: 0o666 });
    };
    // Its name is relative: the directories above are closed to nobody.
    const effective = (cwd: string) =>
      execFileSync("./id", ["-u"], { cwd, uid: NOBODY, gid: NOBODY, encoding: "utf8" }).trim();
    const device = (root: string) => trial.errno(() => closeSync(openSync(path.join(root, "null"), "r")));
    const model = trial.directoryFor("model");
    build(model);
    if (effective(model) !== "0") trial.skip("suid programs have no effect on this filesystem: it is mounted nosuid");
    if (device(model) !== null) trial.skip(`devices cannot be opened on this filesystem: ${device(model)}`);

    const store = await trial.store();
    const base = await layerOn(store, null, build);
    for (const readonly of [true, false]) {
      const id = readonly ? base.id : (await store.prepare({ parent: base.id })).id;
      await using mount = await store.mount(id);
      const what = readonly ? "view" : "writable mount";
      trial.equal([effective(mount.path), device(mount.path)], ["0", null], `effective uid and device in the ${what}`);
      const flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | (readonly ? MS_RDONLY : 0);
      mount2("none", mount.path, "", flags, "");
      const now = [effective(mount.path), device(mount.path)];
      trial.equal(now, [String(NOBODY), "EACCES"], `the same once the ${what} is nosuid,nodev`);
    }
  },
};

export const closedDirectories: Check = {
  id: "SE04",
  title: "a user who may not enter a directory of a lower cannot in the layer either, before and after its copy-up",
  cites: ["overlayfs.rst, Permission model", "measured on 6.18: work directory mode 0"],
  needs: ["ids"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => {
      plantFile(root, "closed/f", "secret", { mode: 0o644 });
      plantFile(root, "listed/f", "secret", { mode: 0o600 });
      plantDirectory(root, "closed", { mode: 0o700 });
    });
    const tries = (root: string) =>
      asUser(NOBODY, root, (at) => {
        const acts: Record<string, () => unknown> = {
          list: () => readdirSync(`${at}/closed`),
          read: () => readFileSync(`${at}/closed/f`),
          stat: () => lstatSync(`${at}/closed/f`),
          write: () => writeFileSync(`${at}/closed/f`, "mine"),
          make: () => mkdirSync(`${at}/closed/new`),
          remove: () => unlinkSync(`${at}/closed/f`),
          readListed: () => readFileSync(`${at}/listed/f`),
          removeListed: () => unlinkSync(`${at}/listed/f`),
        };
        return Object.entries(acts).map(([what, act]) => `${what}: ${trial.errno(act)}`);
      });
    const refused = s.edit(tries);
    trial.equal(new Set(refused.map((line) => line.split(": ")[1])), new Set(["EACCES"]), "what the user is told");
    s.edit((root) => {
      writeFileSync(path.join(root, "closed/f"), "copied up");
      chmodSync(path.join(root, "listed"), 0o711);
    });
    trial.equal(s.edit(tries), refused, "after the copy-up");
    await s.remount();
    s.compare();
  },
};

export const trustedXattrs: Check = {
  id: "SE08",
  title: "trusted.* xattrs are neither read nor set by a user without CAP_SYS_ADMIN, through the mount too",
  restsOn: ["xattrs"],
  cites: ["xattr(7), trusted extended attributes", "overlayfs.rst: its own are of that kind"],
  deviations: { "names-listed": "any user is told the names of trusted xattrs, not their values (fuse-overlayfs)" },
  needs: ["root"],
  async run(trial: Trial) {
    const xattrs = { "trusted.secret": "s", ...(trial.directory.xattrs.user ? { "user.open": "o" } : {}) };
    const s = await trial.scenario((root) => plantFile(root, "f", "x", { mode: 0o666, xattrs }));
    const tries = (root: string) =>
      asUser(NOBODY, root, (at) => {
        const read = () => getXattr(`${at}/f`, "trusted.secret")?.toString() ?? null;
        const set = () => giveAttributes(`${at}/f`, { xattrs: { "trusted.secret": "mine" } });
        return [trial.errno(read) ?? read(), trial.errno(set)];
      });
    const names = (root: string) => asUser(NOBODY, root, (at) => listXattrs(`${at}/f`).sort());
    // btrfs tells the names to anybody, overlay on it does not: what no plain directory hides need not be hidden.
    const listed = names(s.model);
    let told = false;
    for (const when of ["before", "after"]) {
      trial.equal(s.edit(tries), [null, "EPERM"], `what the user reads and is told ${when} the copy-up`);
      const more = names(s.root).filter((name) => !listed.includes(name));
      told ||= more.length > 0;
      trial.ok(
        more.every((name) => name === "trusted.secret"),
        `names listed ${when} the copy-up: ${more}`,
      );
      if (when === "before") s.edit((root) => writeFileSync(path.join(root, "f"), "copied up"));
    }
    trial.equal(getXattr(path.join(s.root, "f"), "trusted.secret")?.toString(), "s", "what root reads");
    s.compare();
    return told ? "names-listed" : undefined;
  },
};
