import { readdirSync } from "node:fs";
import { listXattrs, setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { archive, ROOT } from "../../tar/raw-tar.ts";
import { readCanonical } from "../../tar/read-canonical.ts";
import { plantFile } from "../../tree/plant.ts";
import { settableXattrs } from "../../tree/settable-xattrs.ts";
import { keepingTimes } from "../../trial/keeping-times.ts";
import type { Trial } from "../../trial/trial.ts";
import { applied, changeList, exported, layerOn, viewing } from "./layers.ts";

/** What one host's security modules say of a file; and what fuse-overlayfs keeps for itself. */
const OF_THE_HOST = {
  "security.selinux": "system_u:object_r:etc_t:s0\0",
  "security.ima": "\x04\x04a hash",
  "user.fuseoverlayfs.origin": "x",
};

/** LY13 */
export const labelsOfTheHost: Check = {
  id: "LY13",
  title:
    "Labels and hashes of this host's security modules are no change, and neither exported nor taken from an archive",
  restsOn: ["xattrs"],
  cites: ["layers.md rule 7", "containers/storage#1077, containers/storage#1608", "measured on 6.18, without SELinux"],
  needs: ["root"],
  async run(trial: Trial) {
    const store = await trial.store();
    const plain = trial.directoryFor("plain");
    plantFile(plain, "f");
    const taken = Object.entries(OF_THE_HOST).filter(
      ([name, value]) => trial.errno(() => setXattr(`${plain}/f`, name, value)) === null,
    );
    const mine = `${settableXattrs(trial)}.mine`;
    if (taken.length === 0) trial.skip("none of these xattrs can be set on a plain file here");
    const base = await layerOn(store, null, (root) => {
      for (const name of ["labelled", "written"]) plantFile(root, name);
    });
    const layer = await layerOn(store, base, (root) =>
      keepingTimes(trial, root, [""], () => {
        plantFile(root, "written", "changed");
        for (const file of readdirSync(root))
          for (const [name, value] of taken) trial.errno(() => setXattr(`${root}/${file}`, name, value));
        setXattr(`${root}/written`, mine, "stays");
      }),
    );
    trial.equal(await changeList(store, layer), ["modify written"], "changes");
    const members = readCanonical(await exported(store, layer)).filter((member) => member.path === "written");
    trial.equal(
      members.flatMap((member) => member.paxKeys.filter((key) => key.startsWith("SCHILY"))),
      [`SCHILY.xattr.${mine}`],
      "xattrs in the archive",
    );
    const xattrs = { ...Object.fromEntries(taken), [mine]: "stays" };
    const from = await applied(store, null, archive(ROOT, { path: "f", data: "x", xattrs }));
    // With SELinux the kernel labels every new file itself.
    const kept = await viewing(store, from, (root) =>
      listXattrs(`${root}/f`).filter((name) => name !== "security.selinux"),
    );
    trial.equal(kept, [mine], "xattrs of a file from an archive that has them");
  },
};
