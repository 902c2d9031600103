import type { Directory, Finding, Host } from "@copyup/core";
import { namespaceAdvice } from "@copyup/linux";
import { canBind } from "../can-bind.ts";
import { writableFinding } from "./writable.ts";

/** Works wherever a directory can be written. The rest says how well. */
export function probePlainCopy(directory: Directory, host: Host): Finding[] {
  return [
    writableFinding(directory),
    bindFinding(directory, host),
    ...keepsFindings(directory, host),
    reflinkFinding(directory),
  ];
}

function bindFinding({ path }: Directory, host: Host): Finding {
  const { ok, evidence } = canBind(path);
  return {
    feature: "bind-mount",
    ok,
    required: false,
    kind: "prerequisite",
    evidence: ok ? evidence : `${evidence}; a mounted layer is the layer's own directory, and a view can be written`,
    fix: ok ? null : host.sysAdmin ? "take a mount namespace too: `unshare -m`" : namespaceAdvice(),
  };
}

/** What the trees can hold, so that people know before an image does not fit. */
function keepsFindings({ path, filesystem, xattrs }: Directory, host: Host): Finding[] {
  const optional = { required: false } as const;
  return [
    {
      ...optional,
      feature: "ownership",
      ok: host.fullRoot,
      kind: "prerequisite",
      evidence: host.fullRoot
        ? "owners, devices and trusted xattrs can be stored"
        : `uid ${host.euid}${host.userNamespace ? " in a user namespace" : ""} cannot store every owner, nor devices and trusted xattrs`,
      fix: host.fullRoot ? null : "run it as root, or apply with --lossy, which counts what is lost",
    },
    {
      ...optional,
      feature: "xattr",
      ok: xattrs.user,
      kind: "unsuitable-fs",
      evidence: `user.* xattrs ${xattrs.user ? "can" : "cannot"} be set on ${path} (${filesystem})`,
      fix: xattrs.user ? null : "put the store on ext4, xfs or btrfs (tmpfs has them since kernel 6.6)",
    },
  ];
}

function reflinkFinding({ path, filesystem, reflink }: Directory): Finding {
  return {
    feature: "reflink",
    ok: reflink,
    required: false,
    kind: "unsuitable-fs",
    evidence: `FICLONE on ${path} (${filesystem}) ${reflink ? "works: copies share their data" : "is refused: every layer is a copy of all data"}`,
    fix: reflink ? null : "xfs and btrfs can share the data of copies",
  };
}
