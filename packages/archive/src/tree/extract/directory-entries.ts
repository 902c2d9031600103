import { libc, listXattrs, removeXattr, type XattrTarget } from "@copyup/linux";
import type { TarEntry } from "../../codec/entry.ts";
import { Malformed } from "../../codec/malformed.ts";
import { xattrTarget } from "./attributes.ts";
import { DIRECTORY, EXPLICIT, HAS_XATTRS, ROOT, WRONG_MODE } from "./directory-table.ts";
import { isAcl, isKeptXattr } from "./kept-xattrs.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";

/** What must be kept in memory until all children are there; a real ACL is 50 to 200 bytes. */
const MAX_ACL_BYTES = 64 << 20;
const ACL_OVERHEAD_BYTES = 300;

/** Makes the directory, or gives one that is there the entry's attributes; its children stay. */
export function writeDirectory(layer: LayerInProgress, entry: TarEntry, parent: number, start: number): void {
  const { table } = layer;
  const { path } = entry;
  const end = path.length;
  let id = table.find(parent, path, start, end);
  // Its own user must be able to work in it until the end, also without root's rights.
  const make = (dirFd: number, name: number) => libc.mkdirat(dirFd, name, (entry.mode | 0o700) & 0o777);
  if (id >= 0 && table.has(id, DIRECTORY)) {
    table.mark(id, WRONG_MODE);
    if (table.has(id, HAS_XATTRS)) clearXattrs(xattrTarget(layer.open.fd(parent), path, start, end));
    layer.acls.delete(id);
  } else {
    layer.place(parent, path, start, end, "mkdirat", make);
    // Found again: what was replaced may have left its whiteout.
    id = table.find(parent, path, start, end);
    if (id < 0) id = table.add(parent, path, start, end, DIRECTORY);
    else table.mark(id, DIRECTORY);
    if (layer.attributes.madeMode((entry.mode | 0o700) & 0o777) !== entry.mode) table.mark(id, WRONG_MODE);
  }
  remember(layer, id, entry);
  if (entry.xattrs.length > 0) writeXattrs(layer, id, entry, xattrTarget(layer.open.fd(parent), path, start, end));
}

/** `./`: says the root's attributes and can be nothing but a directory. */
export function writeRoot(layer: LayerInProgress, entry: TarEntry): void {
  if (entry.type !== "directory") throw new Malformed("the layer's root can only be a directory");
  remember(layer, ROOT, entry);
  layer.rootXattrs = entry.xattrs;
}

function remember({ table }: LayerInProgress, id: number, entry: TarEntry): void {
  table.mark(id, EXPLICIT);
  table.mode[id] = entry.mode;
  table.uid[id] = entry.uid;
  table.gid[id] = entry.gid;
  table.mtimeSec[id] = entry.mtimeSec;
  table.mtimeNsec[id] = entry.mtimeNsec;
}

function writeXattrs(layer: LayerInProgress, id: number, entry: TarEntry, target: Buffer): void {
  const acls = entry.xattrs.filter(({ name }) => isAcl(name.toString("latin1")));
  if (acls.length > 0) {
    for (const { value } of acls) layer.aclBytes += value.length + ACL_OVERHEAD_BYTES;
    if (layer.aclBytes > MAX_ACL_BYTES) throw new Malformed("the directories' ACLs are too many", { limit: true });
    layer.acls.set(id, acls);
  }
  if (acls.length === entry.xattrs.length) return;
  const others = acls.length === 0 ? entry.xattrs : entry.xattrs.filter((xattr) => !acls.includes(xattr));
  layer.attributes.xattrs(target, { ...entry, xattrs: others });
  layer.table.mark(id, HAS_XATTRS);
}

/** All that a layer has a say in; labels of security modules are the host's and may not be removable. */
export function clearXattrs(target: XattrTarget): void {
  for (const name of listXattrs(target)) {
    const labels = name.startsWith("security.") && name !== "security.capability";
    if (isKeptXattr(name) && !labels) removeXattr(target, Buffer.from(name, "latin1"));
  }
}
