import { closeSync, lchownSync, linkSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { AT_FDCWD, chmodAt, isSystemError, mkdirAt, setXattr } from "@copyup/linux";
import { giveAttributes, plantDirectory, plantFile, plantLink, plantNode, plantSymlink } from "../../tree/plant.ts";
import { settleTimes } from "../../tree/settle-times.ts";
import { aclForUser, capabilityXattr } from "../../tree/xattr-values.ts";
import type { Trial } from "../../trial/trial.ts";
import { pathIn } from "./read-tree.ts";

/** Every byte that may stand in a value and is dear to a tar's PAX records: NUL, `=`, newline, digits, space. */
export const AWKWARD_VALUE = Buffer.from("12 a=b\nc\0d\xff=\n0", "latin1");

/**
 * A tree with every kind of entry that a layer can hold and this user can make here: names, types, modes, owners, times,
 * links, holes, xattrs, ACLs. The same whenever it is built.
 */
export function plantEveryKind(trial: Pick<Trial, "host" | "directory">, root: string): void {
  plantNames(root);
  plantTypes(root);
  plantTimes(root);
  if (trial.directory.xattrs.user) plantXattrs(root, trial.host.fullRoot ? 4242 : (process.geteuid?.() ?? 0));
  if (trial.host.fullRoot) plantForRoot(root);
  settleTimes(root, SETTLE_SINCE_NS);
}

/** Ends the check where this user's own id has no name in its user namespace, so that no archive can keep an owner. */
export function requireOwnId(trial: Trial, directory: string): void {
  const errno = trial.errno(() => lchownSync(directory, process.geteuid?.() ?? 0, process.getegid?.() ?? 0));
  if (errno !== null) trial.skip(`this user cannot say who owns its own directory here: chown gives ${errno}`);
}

/** 2010: what was not given an older time on purpose was made just now. */
const SETTLE_SINCE_NS = 1_262_304_000_000_000_000n;

function plantNames(root: string): void {
  // The longest that every driver takes.
  plantFile(root, "n".repeat(242));
  plantFile(root, `${"deep-directory-name/".repeat(25)}file`, "500 bytes of path");
  for (const name of ["-rf", "new\nline", "back\\slash", " ", "...", "*?[", "n%s", "\x01", "caf\u00e9", "cafe\u0301"])
    plantFile(root, name);
  writeFileSync(pathIn(root, "bad-utf8-\xff\xfe\x80"), "bad");
  mkdirAt(AT_FDCWD, pathIn(root, "bad-directory-\xff"), 0o755);
  chmodAt(AT_FDCWD, pathIn(root, "bad-directory-\xff"), 0o755);
}

function plantTypes(root: string): void {
  plantFile(root, "empty", "");
  plantFile(root, "text", "some text\n");
  plantFile(root, "large", Buffer.alloc(300_001, "0123456789abcdef"));
  plantFile(root, "mode-0755", "x", { mode: 0o755 });
  plantFile(root, "suid", "x", { mode: 0o6755 });
  plantDirectory(root, "empty-directory");
  plantDirectory(root, "sticky", { mode: 0o1777 });
  plantDirectory(root, "sgid", { mode: 0o2775 });
  plantSymlink(root, "link-relative", "text");
  plantSymlink(root, "link-absolute", "/etc/hostname");
  plantSymlink(root, "link-dangling", "no/where");
  plantSymlink(root, "link-long", "x/".repeat(150));
  plantNode(root, "fifo", "fifo", { mode: 0o640 });
  plantFile(root, "links/first", "three names");
  plantLink(root, "links/first", "links/second");
  linkSync(`${root}/links/first`, `${root}/a-name-elsewhere`);
  plantSparse(`${root}/sparse`);
}

function plantSparse(path: string): void {
  writeFileSync(path, "");
  truncateSync(path, 8 << 20);
  const fd = openSync(path, "r+");
  writeSync(fd, "island", 4 << 20);
  closeSync(fd);
}

function plantTimes(root: string): void {
  plantFile(root, "time-ns", "x", { mtimeNs: 1_000_000_000_123_456_789n });
  plantFile(root, "time-whole", "x", { mtimeNs: 1_000_000_000_000_000_000n });
  plantFile(root, "time-before-1970", "x", { mtimeNs: -1_500_000_000n });
  plantFile(root, "time-zero", "x", { mtimeNs: 0n });
  plantDirectory(root, "time-of-directory", { mtimeNs: 999_999_999_000_000_001n });
}

/** `friend`: the user an ACL names; in a user namespace it must be one that is mapped there. */
function plantXattrs(root: string, friend: number): void {
  plantFile(root, "xattrs", "x", {
    xattrs: { "user.awkward": AWKWARD_VALUE, "user.empty": "", "user.b": "2", "user.a": "1" },
  });
  plantDirectory(root, "xattr-directory", { xattrs: { "user.on-directory": "yes" } });
  plantFile(root, "acl");
  plantDirectory(root, "acl-directory");
  try {
    setXattr(`${root}/acl`, "system.posix_acl_access", aclForUser(friend, 6));
    setXattr(`${root}/acl-directory`, "system.posix_acl_default", aclForUser(friend, 5));
  } catch (error) {
    // A filesystem without ACLs, or a user namespace that maps not even this user's id: nothing to lose then.
    if (!isSystemError(error) || !["EOPNOTSUPP", "EINVAL"].includes(error.code)) throw error;
  }
}

function plantForRoot(root: string): void {
  plantFile(root, "mode-0000", "x", { mode: 0 });
  plantNode(root, "char", "char", { major: 1, minor: 3, mode: 0o666 });
  plantNode(root, "block", "block", { major: 7, minor: 200, mode: 0o660, uid: 0, gid: 6 });
  plantFile(root, "owned", "x", { uid: 123, gid: 456, mode: 0o6751 });
  plantFile(root, "owned-large-ids", "x", { uid: 3_000_000_000, gid: 2_097_152 });
  plantSymlink(root, "link-owned", "text", { uid: 7, gid: 8 });
  plantFile(root, "capability", "x", { mode: 0o755, xattrs: { "security.capability": capabilityXattr(10) } });
  plantFile(root, "trusted", "x");
  giveAttributes(`${root}/trusted`, { xattrs: { "trusted.own": AWKWARD_VALUE } });
}
