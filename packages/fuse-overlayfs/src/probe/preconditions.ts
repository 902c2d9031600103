import { closeSync, openSync } from "node:fs";
import type { Directory, Finding, Host } from "@copyup/core";
import { namespaceAdvice } from "@copyup/linux";

/** May this process open /dev/fuse? That is how a daemon talks to the kernel. */
export function deviceFinding(): Finding {
  const base = { feature: "fuse", required: true, kind: "prerequisite" } as const;
  try {
    closeSync(openSync("/dev/fuse", "r+"));
    return { ...base, ok: true, evidence: "/dev/fuse can be opened", fix: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ...base, ok: false, evidence: `/dev/fuse: ${code}`, fix: wayToDevice(code) };
  }
}

/** Without udev, whose rule opens it to everybody, the device is root's own (seen in a guest that has none). */
function wayToDevice(code: string | undefined): string {
  const otherwise = "plain-copy needs no device";
  return code === "EACCES"
    ? `be root, or let root \`chmod 666 /dev/fuse\`, as udev does; ${otherwise}`
    : `\`modprobe fuse\` loads it where it is a module; a container needs --device /dev/fuse; ${otherwise}`;
}

/** fusermount3 could mount for anybody, but then unmounting would take it too, and other users would see nothing. */
export function privilegeFinding(host: Host): Finding {
  return {
    feature: "privilege",
    ok: host.sysAdmin,
    required: true,
    kind: "prerequisite",
    evidence: host.sysAdmin
      ? `uid ${host.euid} with CAP_SYS_ADMIN${host.userNamespace ? " in a user namespace" : ""}`
      : `uid ${host.euid} without CAP_SYS_ADMIN`,
    fix: host.sysAdmin ? null : namespaceAdvice(),
  };
}

/** The upper's path is resolved and then split at colons; nothing escapes one (read_dirs in its main.c, 1.10 to 1.16). */
export function pathFinding(path: string): Finding {
  const ok = !path.includes(":");
  return {
    feature: "path",
    ok,
    required: true,
    kind: "unsuitable-fs",
    evidence: ok ? `${path} holds no colon` : `${path} holds a colon, which fuse-overlayfs takes for the end of a path`,
    fix: ok ? null : "put the store in a directory without a colon in its path, or use overlay2 or plain-copy",
  };
}

/**
 * Where a copied-up file came from is noted in an xattr (ORIGIN_XATTR in its main.c, 1.10). Without it a mount after the next shows
 * what was written to one name of a hard link group under another one: check CU07 on a tmpfs of Linux 5.10.
 */
export function xattrFinding({ path, filesystem, xattrs }: Directory): Finding {
  const ok = xattrs.user;
  return {
    feature: "xattr",
    ok,
    required: true,
    kind: "unsuitable-fs",
    evidence: `user.* xattrs ${ok ? "can" : "cannot"} be set on ${path} (${filesystem})`,
    fix: ok
      ? null
      : `without them written data shows under the wrong name of a hard link group; put the store on another filesystem${
          filesystem === "tmpfs" ? " (tmpfs has them since Linux 6.6)" : ""
        }, or use plain-copy`,
  };
}

/** On FUSE no 0:0 device can be made (EPERM, measured with itself below), and so no whiteout. */
export function upperFinding({ path, filesystem }: Directory): Finding {
  const ok = filesystem !== "fuse" && !filesystem.startsWith("fuse.");
  return {
    feature: "upper",
    ok,
    required: true,
    kind: "unsuitable-fs",
    evidence: ok ? `${path} is on ${filesystem}` : `${path} is on ${filesystem}, which takes no whiteouts of an upper`,
    fix: ok
      ? null
      : "put the store on the filesystem below, on a tmpfs or (in a container) on a volume, or use plain-copy",
  };
}
