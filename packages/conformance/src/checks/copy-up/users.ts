import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import type { Check } from "../../check.ts";
import { plantFile } from "../../tree/plant.ts";
import { asUser } from "../../trial/as-user.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

const USER = 1000;

/** What a write by that user gives: null, or the errno's name. */
function writeAs(t: Trial, root: string, name: string): string | null {
  return asUser(USER, root, (here) => t.errno(() => writeFileSync(`${here}/${name}`, "by the user")));
}

export const ownersRights: Check = {
  id: "CU22",
  title: "a user may write its own and its group's lower files, keeping their owner, and not root's",
  cites: ["overlayfs.rst, Permission model", "measured on 6.18"],
  needs: ["ids"],
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      plantFile(root, "own", "x", { mode: 0o600, uid: USER, gid: USER });
      plantFile(root, "roots", "x", { mode: 0o644 });
      plantFile(root, "groups", "x", { mode: 0o664, uid: 0, gid: USER });
    });
    const base = s.baseFingerprint();
    const written = s.edit((root) => ["own", "roots", "groups"].map((name) => writeAs(t, root, name)));
    t.equal(written, [null, "EACCES", null], "a write to the own, root's and the group's file");
    const store = await t.store();
    if (store.access(await store.get(s.id)).kind === "upper") {
      t.equal(existsSync(`${s.layerDirectory()}/roots`), false, "the refused file was copied up");
    }
    await expectKept(t, s, base);
  },
};

export const suidOnWrite: Check = {
  id: "CU34",
  title: "a write by another user drops suid and sgid, a write by root keeps them",
  cites: ["inode(7), S_ISUID", "xfstests generic/193", "measured on 6.18"],
  needs: ["ids"],
  deviations: { "suid-kept": "the bits stay, whoever writes (fuse-overlayfs in a user namespace)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => {
      for (const name of ["by-user", "by-root"]) plantFile(root, name, "x", { mode: 0o6777 });
    });
    const base = s.baseFingerprint();
    s.edit((root) => {
      writeAs(t, root, "by-user");
      writeFileSync(`${root}/by-root`, "by root");
    });
    const modes = ["by-user", "by-root"].map((name) => lstatSync(`${s.root}/${name}`).mode & 0o7777);
    if (modes.every((mode) => mode === 0o6777) && s.differences().length > 0) {
      await expectKept(t, s, base, { except: ["by-user", "by-root"] });
      return "suid-kept";
    }
    await expectKept(t, s, base);
    return undefined;
  },
};

export const modeZero: Check = {
  id: "CU38",
  title: "a lower file of mode 000 is closed to a user and open to root",
  cites: ["overlayfs.rst, Permission model", "measured on 6.18"],
  needs: ["ids"],
  async run(t: Trial) {
    const s = await t.scenario((root) => plantFile(root, "f", "x", { mode: 0, uid: USER, gid: USER }));
    const base = s.baseFingerprint();
    const seen = s.edit((root) => [
      asUser(USER, root, (here) => t.errno(() => readFileSync(`${here}/f`))),
      writeAs(t, root, "f"),
      t.errno(() => writeFileSync(`${root}/f`, "by root")),
    ]);
    t.equal(seen, ["EACCES", "EACCES", null], "read and write by the owner, write by root");
    await expectKept(t, s, base);
  },
};
