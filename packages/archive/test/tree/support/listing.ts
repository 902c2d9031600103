import { createHash } from "node:crypto";
import fs from "node:fs";
import { getXattr, listXattrs, type Stat } from "@copyup/linux";
import { layerXattrs, openView, type ViewDirectory, type ViewParts, xattrPath } from "../../../src/tree/index.ts";

/** A tree as text, a line a name: everything that a layer holds of it, and which names are one inode. */
export type Listing = Record<string, string>;

interface Facts {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
  readonly rdev: string;
  readonly xattrs: string;
  readonly content: string;
}

function line({ type, mode, uid, gid, mtimeNs, rdev, xattrs, content }: Facts): string {
  const shownMode = type === "symlink" ? "" : (mode & 0o7777).toString(8);
  return [type, shownMode, `${uid}:${gid}`, mtimeNs, rdev, xattrs, content].join(" ").trim();
}

/** Read through the ordinary file API: of a mounted view, or of a plain tree. */
export function listTree(root: string): Listing {
  const listing: Listing = {};
  const groups = new Map<string, string>();
  const visit = (path: Buffer, shown: string) => {
    const stat = fs.lstatSync(path, { bigint: true });
    const type = typeOf(stat);
    let content = "";
    if (type === "file") {
      const key = `${stat.dev}:${stat.ino}`;
      content = `${stat.size} ${digest(fs.readFileSync(path))}`;
      if (stat.nlink > 1n) {
        content += ` =${groups.get(key) ?? shown}`;
        if (!groups.has(key)) groups.set(key, shown);
      }
    }
    if (type === "symlink") content = fs.readlinkSync(path, "latin1");
    const rdev = type === "char" || type === "block" ? `${stat.rdev >> 8n}:${stat.rdev & 255n}` : "";
    const { mode, uid, gid } = fs.lstatSync(path);
    listing[shown] = line({ type, mode, uid, gid, mtimeNs: stat.mtimeNs, rdev, xattrs: xattrsAt(path), content });
    if (type !== "directory") return;
    const names = fs.readdirSync(path, "buffer").sort(Buffer.compare);
    for (const name of names) {
      const next = Buffer.concat([path, Buffer.from("/"), name]);
      visit(next, shown === "." ? name.toString("latin1") : `${shown}/${name.toString("latin1")}`);
    }
  };
  visit(Buffer.from(root), ".");
  return oneNameGroups(listing);
}

/** Links whose other names lie outside the tree, or are hidden in the view, are no group. */
function oneNameGroups(listing: Listing): Listing {
  const count = new Map<string, number>();
  const group = (text: string) => / =(.*)$/.exec(text)?.[1];
  for (const text of Object.values(listing)) {
    const name = group(text);
    if (name !== undefined) count.set(name, (count.get(name) ?? 0) + 1);
  }
  for (const [path, text] of Object.entries(listing)) {
    if (count.get(group(text) ?? "") === 1) listing[path] = text.replace(/ =.*$/, "");
  }
  return listing;
}

function typeOf(stat: fs.BigIntStats): string {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isCharacterDevice()) return "char";
  if (stat.isBlockDevice()) return "block";
  return stat.isFIFO() ? "fifo" : "socket";
}

function xattrsAt(path: Buffer): string {
  return listXattrs(path)
    .filter((name) => name !== "security.selinux")
    .map((name) => `${name}=${getXattr(path, Buffer.from(name, "latin1"))?.toString("hex")}`)
    .join(",");
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}

/** The same of a view read from its parts. */
export function listView(parts: ViewParts): Listing {
  const listing: Listing = {};
  const groups = new Map<string, string>();
  const facts = (stat: Stat, xattrs: string, content: string) => {
    const rdev = stat.type === "char" || stat.type === "block" ? `${stat.rdevMajor}:${stat.rdevMinor}` : "";
    return line({
      type: stat.type,
      mode: stat.mode,
      uid: stat.uid,
      gid: stat.gid,
      mtimeNs: stat.mtimeNs,
      rdev,
      xattrs,
      content,
    });
  };
  const shownXattrs = (target: number | Buffer, directory: ViewDirectory["dialect"]) =>
    layerXattrs(target, directory, "test", "")
      .map(({ name, value }) => `${name.toString("latin1")}=${value.toString("hex")}`)
      .join(",");
  const visit = (directory: ViewDirectory) => {
    const stat = directory.stat();
    listing[directory.path || "."] = facts(stat, shownXattrs(directory.levels[0]!.fd, directory.dialect), "");
    for (const name of directory.names()) {
      const entry = directory.lookup(name)!;
      const path = directory.path === "" ? name : `${directory.path}/${name}`;
      if (entry.stat.type === "directory") {
        const child = directory.child(name)!;
        visit(child);
        child.close();
        continue;
      }
      const real = xattrPath(entry.dirfd, name);
      let content = "";
      if (entry.stat.type === "file") {
        content = `${entry.stat.size} ${digest(fs.readFileSync(real))}`;
        if (entry.stat.nlink > 1) {
          const key = `${entry.part}:${entry.stat.key}`;
          content += ` =${groups.get(key) ?? path}`;
          if (!groups.has(key)) groups.set(key, path);
        }
      }
      if (entry.stat.type === "symlink") content = fs.readlinkSync(real, "latin1");
      listing[path] = facts(entry.stat, shownXattrs(real, entry.dialect), content);
    }
  };
  const root = openView(parts);
  visit(root);
  root.close();
  return oneNameGroups(listing);
}
