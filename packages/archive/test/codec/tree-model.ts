import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { getXattr, listXattrs } from "@copyup/linux";
import type { Member } from "./archives.ts";

/** What two trees, or a tree and an archive, must have in common. Texts are latin1: one character, one byte. */
export interface Item {
  readonly path: string;
  readonly type: string;
  /** Null for symlinks, which have none. */
  readonly mode: number | null;
  readonly owner: string;
  readonly mtime: string;
  readonly link: string;
  readonly device: string;
  readonly xattrs: Readonly<Record<string, string>>;
  readonly content: string;
  /** First of all the names of this inode. */
  readonly sameAs: string;
}

/** The tree below `dir`, its root included, in byte order of the paths. */
export function modelOfTree(dir: string): Item[] {
  const items: (Item & { inode: string })[] = [];
  const visit = (path: Buffer): void => {
    const full = Buffer.concat([Buffer.from(`${dir}/`), path]);
    const stat = lstatSync(full, { bigint: true });
    const type = typeOf(stat);
    const sec = floorDiv(stat.mtimeNs, 1_000_000_000n);
    items.push({
      path: path.toString("latin1"),
      type,
      mode: type === "symlink" ? null : Number(stat.mode & 0o7777n),
      owner: `${stat.uid}:${stat.gid}`,
      mtime: time(sec, stat.mtimeNs - sec * 1_000_000_000n),
      link: type === "symlink" ? readlinkSync(full, { encoding: "buffer" }).toString("latin1") : "",
      device: type === "char" || type === "block" ? deviceOf(stat.rdev) : "",
      xattrs: Object.fromEntries(
        listXattrs(full).map((name) => [name, getXattr(full, Buffer.from(name, "latin1"))!.toString("hex")]),
      ),
      content: type === "file" ? readFileSync(full).toString("latin1") : "",
      sameAs: "",
      inode: `${stat.ino}`,
    });
    if (type !== "directory") return;
    for (const name of readdirSync(full, { encoding: "buffer" })) {
      visit(path.length === 0 ? name : Buffer.concat([path, Buffer.from("/"), name]));
    }
  };
  visit(Buffer.alloc(0));
  items.sort(byPath);
  const first = new Map<string, string>();
  for (const { inode, path } of items) if (!first.has(inode)) first.set(inode, path);
  return items.map(({ inode, ...item }) => ({ ...item, sameAs: first.get(inode)! }));
}

/** What extracting these members would make. */
export function modelOfArchive(members: readonly Member[]): Item[] {
  const inodes = new Map<string, Item>();
  const names = new Map<string, string>();
  for (const { entry, content } of members) {
    const path = entry.path.toString("latin1");
    if (entry.type === "hardlink") {
      names.set(path, names.get(entry.linkPath.toString("latin1")) ?? "missing");
      continue;
    }
    const device = entry.type === "char" || entry.type === "block";
    names.set(path, path);
    inodes.set(path, {
      path,
      type: entry.type,
      mode: entry.type === "symlink" ? null : entry.mode,
      owner: `${entry.uid}:${entry.gid}`,
      mtime: time(BigInt(entry.mtimeSec), BigInt(entry.mtimeNsec)),
      link: entry.linkPath.toString("latin1"),
      device: device ? `${entry.devMajor}:${entry.devMinor}` : "",
      xattrs: Object.fromEntries(
        entry.xattrs.map(({ name, value }) => [name.toString("latin1"), value.toString("hex")]),
      ),
      content: content.toString("latin1"),
      sameAs: "",
    });
  }
  const items = [...names].map(([path, inode]) => ({ inode, item: { ...inodes.get(inode)!, path } }));
  items.sort((a, b) => byPath(a.item, b.item));
  const first = new Map<string, string>();
  for (const { inode, item } of items) if (!first.has(inode)) first.set(inode, item.path);
  return items.map(({ inode, item }) => ({ ...item, sameAs: first.get(inode)! }));
}

function byPath(a: { path: string }, b: { path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function time(sec: bigint, nsec: bigint): string {
  return `${sec} s + ${nsec} ns`;
}

function floorDiv(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((-a + b - 1n) / b);
}

/** glibc's encoding of a device number. */
function deviceOf(rdev: bigint): string {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

function typeOf(stat: ReturnType<typeof lstatSync> & object): string {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isCharacterDevice()) return "char";
  if (stat.isBlockDevice()) return "block";
  return stat.isFIFO() ? "fifo" : "socket";
}
