import { chmodSync, lchownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  cstring,
  libc,
  mknodAt,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  S_IFSOCK,
  SystemError,
  setXattr,
  timespecs,
  UTIME_OMIT,
} from "@copyup/linux";

/** What to set on a planted name, in the order the kernel wants it: owner, mode, xattrs, times. */
export interface Attributes {
  /** Permission bits, suid, sgid, sticky; not masked by the umask. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>>;
  readonly mtimeNs?: bigint;
  readonly atimeNs?: bigint;
}

/** Missing parents are made 0755. */
export function plantFile(
  root: string,
  name: string,
  content: string | Uint8Array = name,
  attributes: Attributes = {},
): void {
  const full = withParents(root, name);
  writeFileSync(full, content);
  giveAttributes(full, { mode: 0o644, ...attributes });
}

/** May exist. A time given here is overwritten by whatever is planted inside later. */
export function plantDirectory(root: string, name: string, attributes: Attributes = {}): void {
  const full = withParents(root, name);
  mkdirSync(full, { recursive: true });
  giveAttributes(full, { mode: 0o755, ...attributes });
}

export function plantSymlink(
  root: string,
  name: string,
  target: string,
  attributes: Omit<Attributes, "mode"> = {},
): void {
  const full = withParents(root, name);
  symlinkSync(target, full);
  giveAttributes(full, attributes);
}

/** Another name for a file planted before. */
export function plantLink(root: string, existing: string, name: string): void {
  linkSync(path.join(root, existing), withParents(root, name));
}

export type NodeType = "char" | "block" | "fifo" | "socket";
const NODE_MODE: Record<NodeType, number> = { char: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO, socket: S_IFSOCK };

export function plantNode(
  root: string,
  name: string,
  type: NodeType,
  attributes: Attributes & { readonly major?: number; readonly minor?: number } = {},
): void {
  const full = withParents(root, name);
  mknodAt(AT_FDCWD, full, NODE_MODE[type] | 0o600, attributes.major ?? 0, attributes.minor ?? 0);
  giveAttributes(full, { mode: 0o644, ...attributes });
}

/** Of the name itself, never of what a symlink points to. */
export function giveAttributes(full: string, attributes: Attributes): void {
  const { mode, uid, gid, xattrs, mtimeNs, atimeNs } = attributes;
  if (uid !== undefined || gid !== undefined)
    lchownSync(full, uid ?? process.getuid?.() ?? 0, gid ?? process.getgid?.() ?? 0);
  // After chown, which drops suid and capabilities.
  if (mode !== undefined) chmodSync(full, mode);
  for (const [key, value] of Object.entries(xattrs ?? {})) setXattr(full, key, value);
  if (mtimeNs !== undefined || atimeNs !== undefined) setTimes(full, atimeNs, mtimeNs);
}

/** utimensat with nanoseconds, which node:fs cannot say; undefined leaves a time as it is. */
export function setTimes(full: string, atimeNs: bigint | undefined, mtimeNs: bigint | undefined): void {
  const [atimeSec, atimeNsec] = split(atimeNs);
  const [mtimeSec, mtimeNsec] = split(mtimeNs);
  const times = timespecs(atimeSec, atimeNsec, mtimeSec, mtimeNsec);
  const result = libc.utimensat(AT_FDCWD, cstring(full), times, AT_SYMLINK_NOFOLLOW);
  if (result < 0) throw new SystemError("utimensat", -result, full);
}

function split(ns: bigint | undefined): [seconds: number, nanoseconds: number] {
  if (ns === undefined) return [0, UTIME_OMIT];
  const nanoseconds = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return [Number((ns - nanoseconds) / 1_000_000_000n), Number(nanoseconds)];
}

function withParents(root: string, name: string): string {
  const full = path.join(root, name);
  let at = root;
  for (const part of path.dirname(name).split("/")) {
    at = path.join(at, part);
    mkdirIfMissing(at);
  }
  return full;
}

function mkdirIfMissing(at: string): void {
  try {
    mkdirSync(at);
    chmodSync(at, 0o755);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
