import type { Outcome } from "../errno.ts";
import type { ModelledDeviation } from "./deviation.ts";

export const noTemporaryFiles: ModelledDeviation = {
  check: "CU26",
  outcome: "no-tmpfile",
  refuses: (edit, errno) => edit.do === "tmpfile" && errno === "EOPNOTSUPP",
};

/** Programs set none of overlay's own xattrs through the mount on kernels that refuse them. */
export const refusedOverlayXattrs: ModelledDeviation = {
  check: "ME09",
  outcome: "overlay-xattr-refused",
  refuses: (edit, errno) => errno === "EPERM" && edit.do === "setxattr" && /^(trusted|user)\.overlay\./.test(edit.name),
};

/** aufs: another error for what is refused anyhow. */
export const symlinkAclError: ModelledDeviation = {
  check: "CU48",
  outcome: "default-EACCES",
  tells: (edit, seen, expected) =>
    edit.do === "setxattr" &&
    edit.name === "system.posix_acl_default" &&
    errnoOf(seen) === "EACCES" &&
    errnoOf(expected) === "EOPNOTSUPP",
};

const errnoOf = (outcome: Outcome) => ("errno" in outcome ? outcome.errno : null);
