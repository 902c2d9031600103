import type { Directory, Finding } from "@copyup/core";
import { type OverlayDialect, privatePrefix } from "../dialect.ts";

/** What an upper needs of its filesystem and the kernel does not insist on: it mounts without, and then misbehaves. */
export function filesystemFindings(directory: Directory, dialect: OverlayDialect): Finding[] {
  return [typesFinding(directory), xattrFinding(directory, dialect), reflinkFinding(directory)];
}

/** A union as upper is EINVAL, "filesystem on … not supported as upperdir" (overlay: 5.10 to 7.2; aufs: 6.1). */
export function upperFinding({ path, filesystem }: Directory): Finding {
  const union = filesystem === "overlay" || filesystem === "aufs";
  return {
    feature: "upper",
    ok: !union,
    required: true,
    kind: "unsuitable-fs",
    evidence: union
      ? `${path} is on ${filesystem}, which overlay does not take as upper`
      : `${path} is on ${filesystem}`,
    fix: union
      ? "put the store on the filesystem below, on a tmpfs or (in a container) on a volume, or use plain-copy"
      : null,
  };
}

/** Without types overlay lists deleted names and cannot remove directories; the kernel only logs it (5.10 to 7.2). */
function typesFinding({ path, filesystem, dType }: Directory): Finding {
  return {
    feature: "d_type",
    ok: dType,
    required: true,
    kind: "unsuitable-fs",
    evidence: `readdir on ${path} (${filesystem}) gives ${dType ? "the types of files" : "DT_UNKNOWN for the type of a file"}`,
    fix: dType
      ? null
      : (TYPES_FIX[filesystem] ?? "put the store on ext4, xfs (ftype=1), btrfs or tmpfs, or use plain-copy"),
  };
}

const TYPES_FIX: Readonly<Record<string, string>> = {
  xfs: "make the filesystem anew with `mkfs.xfs -n ftype=1` (the default since xfsprogs 3.2.3); it cannot be changed later",
  ext4: "with the filesystem unmounted: `tune2fs -O filetype DEVICE`, then `e2fsck -f DEVICE`",
};

/** Replaced directories are marked in an xattr: without them removing one ends in EIO (ramfs, seen on 6.18). */
function xattrFinding({ path, filesystem, xattrs }: Directory, dialect: OverlayDialect): Finding {
  const user = dialect === "overlay-user";
  const ok = user ? xattrs.user : xattrs.trusted;
  return {
    feature: "xattr",
    ok,
    required: true,
    kind: "unsuitable-fs",
    evidence: `${privatePrefix(dialect)}* ${ok ? "can" : "cannot"} be set on ${path} (${filesystem})`,
    fix: ok
      ? null
      : filesystem === "tmpfs" && user
        ? "tmpfs has user.* xattrs since kernel 6.6: put the store on a disk's filesystem"
        : "put the store on ext4, xfs, btrfs or tmpfs, or use plain-copy",
  };
}

function reflinkFinding({ path, filesystem, reflink }: Directory): Finding {
  return {
    feature: "reflink",
    ok: reflink,
    required: false,
    kind: "unsuitable-fs",
    evidence: `FICLONE on ${path} (${filesystem}) ${reflink ? "works: a copy-up shares the data" : "is refused: a copy-up copies the data"}`,
    fix: null,
  };
}
