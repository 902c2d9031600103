import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectOwnNames, ownNamesIn } from "./marks.ts";
import { readTree, writeTree } from "./tree-specs.ts";

export const unlinkAndRemount: Check = {
  id: "WH01",
  title: "a file deleted from a lower layer stays deleted",
  restsOn: ["special"],
  cites: [
    "overlayfs.rst, whiteouts and opaque directories",
    "xfstests overlay/003",
    "unionmount-testsuite unlink.py",
    "measured on 6.18",
  ],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/f=lower", "d/kept=lower", "f=lower", "kept=lower"]));
    const before = s.baseFingerprint();
    s.edit((root) => {
      unlinkSync(path.join(root, "f"));
      unlinkSync(path.join(root, "d/f"));
    });
    for (const when of ["at once", "after a remount"]) {
      if (when !== "at once") await s.remount();
      trial.equal(readdirSync(s.root).sort(), ["d", "kept"], `names ${when}`);
      trial.equal(readdirSync(path.join(s.root, "d")), ["kept"], `names in d ${when}`);
      trial.equal(
        trial.errno(() => lstatSync(path.join(s.root, "f"))),
        "ENOENT",
        `lstat ${when}`,
      );
      trial.equal(
        trial.errno(() => openSync(path.join(s.root, "d/f"), "r")),
        "ENOENT",
        `open ${when}`,
      );
      s.compare();
    }
    await expectOwnNames(trial, s, "", ["+d", "-f"]);
    await expectOwnNames(trial, s, "d", ["-f"]);
    trial.equal(s.baseFingerprint(), before, "the base layer on disk");
  },
};

export const removeLowerDirectory: Check = {
  id: "WH02",
  title: "a lower directory can be removed once it is empty, and stays removed",
  cites: ["unionmount-testsuite rmdir.py", "xfstests overlay/007, overlay/010", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["d/e/y=2", "d/x=1", "kept=k"]));
    const refused = s.edit((root) => trial.errno(() => rmdirSync(path.join(root, "d"))));
    trial.equal(refused, "ENOTEMPTY", "rmdir of a directory that a lower fills");
    s.compare();
    s.edit((root) => {
      writeFileSync(path.join(root, "d/new"), "upper");
      for (const name of ["d/new", "d/e/y", "d/x"]) unlinkSync(path.join(root, name));
      rmdirSync(path.join(root, "d/e"));
    });
    trial.equal(readdirSync(path.join(s.root, "d")), [], "names in the emptied directory");
    s.edit((root) => rmdirSync(path.join(root, "d")));
    s.compare();
    await s.remount();
    s.compare();
    trial.equal(readTree(s.root), ["kept=k"], "the tree after a remount");
    await expectOwnNames(trial, s, "", ["-d"]);
  },
};

/** Their names are more than rm reads of a directory at once (32 KB), and than one block of it holds. */
const MANY = 600;

export const removeLargeDirectory: Check = {
  id: "WH15",
  title: `removing a directory of ${MANY} lower files leaves one whiteout`,
  cites: ["overlayfs.rst, whiteouts and opaque directories", "unionmount-testsuite rmtree.py", "measured on 6.18"],
  async run(trial: Trial) {
    const names = Array.from({ length: MANY }, (_, i) => `d/a-longer-name-to-need-several-buffers-${i}`);
    const s = await trial.scenario((root) => writeTree(root, ["kept", ...names]));
    s.edit((root) => rmSync(path.join(root, "d"), { recursive: true }));
    s.compare();
    await s.remount();
    s.compare();
    await expectOwnNames(trial, s, "", ["-d"]);
  },
};

export const unlinkLowerSymlink: Check = {
  id: "WH16",
  title: "deleting a lower symlink leaves its target alone",
  cites: ["unionmount-testsuite unlink.py", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) =>
      writeTree(root, ["d/in=2", "dir->d", "file->target", "gone->nowhere", "target=1"]),
    );
    s.edit((root) => {
      for (const link of ["dir", "file", "gone"]) unlinkSync(path.join(root, link));
    });
    s.compare();
    await s.remount();
    trial.equal(readTree(s.root), ["d/in=2", "target=1"], "the tree after a remount");
    await expectOwnNames(trial, s, "", ["-dir", "-file", "-gone"]);
  },
};

export const openAcrossUnlink: Check = {
  id: "WH24",
  title: "a descriptor outlives the deletion of its lower file",
  cites: ["POSIX unlink(2)", "measured on 6.18"],
  async run(trial: Trial) {
    const s = await trial.scenario((root) => writeTree(root, ["f=old"]));
    const seen = s.edit((root) => {
      const fd = openSync(path.join(root, "f"), "r");
      try {
        unlinkSync(path.join(root, "f"));
        writeFileSync(path.join(root, "f"), "new");
        const old = Buffer.alloc(8);
        const length = readSync(fd, old, 0, 8, 0);
        return { old: old.toString("utf8", 0, length), path: readFileSync(path.join(root, "f"), "utf8") };
      } finally {
        closeSync(fd);
      }
    });
    trial.equal(seen, { old: "old", path: "new" }, "descriptor and path");
    s.compare();
    await s.remount();
    s.compare();
  },
};

export const unlinkFromLinkGroup: Check = {
  id: "WH26",
  title: "deleting two names of a lower hard link group leaves the third",
  restsOn: ["inodes"],
  cites: ["xfstests overlay/033, overlay/034 (link counts)", "measured on 6.18"],
  deviations: { "rest-copied-up": "deleting one name copies up the file under another (fuse-overlayfs)" },
  async run(trial: Trial) {
    const s = await trial.scenario((root) => {
      writeTree(root, ["a=linked", "other=o"]);
      for (const name of ["b", "c"]) linkSync(path.join(root, "a"), path.join(root, name));
    });
    s.edit((root) => unlinkSync(path.join(root, "a")));
    await s.remount();
    s.compare({ ignoreLinks: true });
    s.edit((root) => unlinkSync(path.join(root, "c")));
    await s.remount();
    s.compare({ ignoreLinks: true });
    trial.equal(readTree(s.root), ["b=linked", "other=o"], "the tree at the end");
    const own = await ownNamesIn(trial, s, "");
    if (own.includes("+b")) {
      trial.equal(own, ["+b", "-a", "-c"], "what the layer itself holds");
      // A whole tree would hold the other file too.
      return "rest-copied-up";
    }
    await expectOwnNames(trial, s, "", ["-a", "-c"]);
    return;
  },
};
