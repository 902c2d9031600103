import { setXattr } from "@copyup/linux";
import type { Check } from "../../check.ts";
import { plantSymlink } from "../../tree/plant.ts";
import { aclForUser } from "../../tree/xattr-values.ts";
import type { Trial } from "../../trial/trial.ts";
import { expectKept } from "./expect-kept.ts";

export const symlinkAcl: Check = {
  id: "CU48",
  title: "a symlink, lower or new, is given no ACL: EOPNOTSUPP",
  restsOn: ["xattrs"],
  cites: ["acl(5): symlinks have none", "found by random programs (RD01)", "measured on 6.18, aufs on 6.1"],
  deviations: { "default-EACCES": "the same, but a default ACL is refused with EACCES (aufs)" },
  async run(t: Trial) {
    const s = await t.scenario((root) => plantSymlink(root, "lower", "nowhere"));
    const base = s.baseFingerprint();
    const acl = aclForUser(t.host.fullRoot ? 1000 : t.host.euid, 6);
    const { model, mount } = s.observe((root) => {
      plantSymlink(root, "new", "nowhere");
      const answers = ["lower", "new"].flatMap((name) =>
        ["access", "default"].map((kind) =>
          t.errno(() => setXattr(`${root}/${name}`, `system.posix_acl_${kind}`, acl)),
        ),
      );
      return answers.join(" ");
    });
    t.equal(model, "EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP", "setting ACLs in a plain directory");
    await expectKept(t, s, base);
    if (mount === "EOPNOTSUPP EACCES EOPNOTSUPP EACCES") return "default-EACCES";
    t.equal(mount, model, "setting ACLs through the mount");
    return undefined;
  },
};
