import { displayPath } from "@copyup/linux";
import type { TimeDifference } from "../trial/declared.ts";
import type { CompareOptions } from "../trial/scenario.ts";
import type { Tree, TreeEntry } from "./snapshot.ts";

/** How a modification time of each side is told, so that "written by the same edit" compares equal. */
export interface TimeWords {
  readonly model: (ns: bigint) => string;
  readonly mount: (ns: bigint) => string;
  /** Where the two differ: is that what the driver declares? */
  readonly passes?: (difference: TimeDifference) => boolean;
}

const exactly: TimeWords = { model: String, mount: String };

/** The differences between two trees, one line each: `d/f: mode 0644 in the model, 0600 in the mount`. */
export function compareTrees(
  model: Tree,
  mount: Tree,
  options: CompareOptions = {},
  times: TimeWords = exactly,
): string[] {
  const lines: string[] = [];
  const modelGroups = linkGroups(model);
  const mountGroups = linkGroups(mount);
  const left = options.except ?? [];
  const paths = [...new Set([...model.keys(), ...mount.keys()])].sort();
  for (const path of paths) {
    if (left.some((except) => path === except || path.startsWith(`${except}/`))) continue;
    const shown = path === "" ? "(root)" : displayPath(Buffer.from(path, "latin1"));
    const a = model.get(path);
    const b = mount.get(path);
    if (!a || !b) {
      lines.push(
        `${shown}: ${a ? `a ${a.type} in the model, missing in the mount` : `a ${b?.type} in the mount, missing in the model`}`,
      );
      continue;
    }
    const say = (what: string, x: string, y: string) => {
      if (x !== y) lines.push(`${shown}: ${what} ${x} in the model, ${y} in the mount`);
    };
    say("type", a.type, b.type);
    if (a.type !== b.type) continue;
    compareEntries(a, b, options.ignoreEmptyXattrs ? withoutLeftovers(a, b) : b.xattrs, say);
    if (
      !(options.ignoreDirectoryTimes && a.type === "directory") &&
      !times.passes?.({ type: a.type, model: a.mtimeNs, mount: b.mtimeNs })
    )
      say("mtime", times.model(a.mtimeNs), times.mount(b.mtimeNs));
    if (options.ignoreLinks || a.type === "directory") continue;
    if (!options.ignoreLinkCounts) say("link count", String(a.nlink), String(b.nlink));
    say("link group", modelGroups.get(path) ?? "", mountGroups.get(path) ?? "");
  }
  return lines;
}

/** The mount's attributes but for those of no bytes that the model has not. */
function withoutLeftovers(a: TreeEntry, b: TreeEntry): readonly string[] {
  return b.xattrs.filter((xattr) => !xattr.endsWith("=") || a.xattrs.includes(xattr));
}

function compareEntries(
  a: TreeEntry,
  b: TreeEntry,
  xattrs: readonly string[],
  say: (what: string, x: string, y: string) => void,
): void {
  say("mode", octal(a.permissions), octal(b.permissions));
  say("owner", `${a.uid}:${a.gid}`, `${b.uid}:${b.gid}`);
  say("device", a.device, b.device);
  say("size", String(a.size), String(b.size));
  if (a.type === "symlink") say("target", a.content, b.content);
  else if (a.content !== b.content) say("content", a.content.slice(0, 30), b.content.slice(0, 30));
  say("xattrs", `[${a.xattrs.join(" ")}]`, `[${xattrs.join(" ")}]`);
}

function octal(permissions: number): string {
  return permissions.toString(8).padStart(4, "0");
}

/** Names that share an inode, each with the first name (in byte order) of its group. Directories have no groups. */
export function linkGroups(tree: Tree): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const groups = new Map<string, string>();
  for (const path of [...tree.keys()].sort()) {
    const entry = tree.get(path);
    if (!entry || entry.type === "directory") continue;
    const head = first.get(entry.inode) ?? path;
    first.set(entry.inode, head);
    groups.set(path, `with ${displayPath(Buffer.from(head, "latin1"))}`);
  }
  return groups;
}
