import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { Check } from "../../check.ts";
import type { Trial } from "../../trial/trial.ts";
import { writeTree } from "./tree-specs.ts";

const SCRIPT = `set -e; umask 022
for dir in open group; do
  rm -f $dir/f; echo new > $dir/f
  rm -rf $dir/d; mkdir $dir/d; echo in > $dir/d/n
done`;

export const recreatedByAnotherUser: Check = {
  id: "WH18",
  title: "what another user makes where a lower entry was is that user's, and set-group-id is inherited",
  cites: ["xfstests overlay/008, overlay/015", "fuse-overlayfs 1.10 ignores set-group-id (measured)"],
  needs: ["ids"],
  deviations: {
    "setgid-ignored":
      "what is made in a directory with set-group-id has its maker's group, and no set-group-id (fuse-overlayfs)",
  },
  async run(trial: Trial) {
    const s = await trial.scenario((root) => {
      for (const dir of ["open", "group"]) {
        mkdirSync(path.join(root, dir));
        writeTree(path.join(root, dir), ["f=old"]);
        mkdirSync(path.join(root, dir, "d"));
        chownSync(path.join(root, dir), 0, 4711);
      }
      chmodSync(path.join(root, "open"), 0o777);
      chmodSync(path.join(root, "group"), 0o2777);
    });
    // Relative paths: the scratch directory above is root's alone.
    const ran = s.edit((root) => {
      const { status, stderr } = spawnSync("sh", ["-c", SCRIPT], { cwd: root, uid: 1000, gid: 1000, encoding: "utf8" });
      return { status, stderr };
    });
    trial.equal(ran, { status: 0, stderr: "" }, "the user's script");
    const ignored = lstatSync(path.join(s.root, "group/f")).gid === 1000;
    for (const when of ["at once", "after a remount"]) {
      if (when !== "at once") await s.remount();
      for (const [name, gid] of [
        ["open/f", 1000],
        ["open/d", 1000],
        ["group/f", ignored ? 1000 : 4711],
        ["group/d", ignored ? 1000 : 4711],
        ["group/d/n", ignored ? 1000 : 4711],
      ] as const) {
        const stat = lstatSync(path.join(s.root, name));
        trial.equal([stat.uid, stat.gid], [1000, gid], `owner of ${name} ${when}`);
      }
      const mode = ignored ? 0o755 : 0o2755;
      trial.equal(lstatSync(path.join(s.root, "group/d")).mode & 0o7777, mode, `mode of group/d ${when}`);
      s.compare(ignored ? { except: ["group"] } : {});
    }
    return ignored ? "setgid-ignored" : undefined;
  },
};
