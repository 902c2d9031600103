import { parseSpec, type TreeSpec } from "../checks/whiteout/tree-specs.ts";
import { archive, directory, type RawMember, symlink } from "./raw-tar.ts";

const SOME_DAY = { mtime: 1_600_000_000 } as const;

/**
 * A layer archive as somebody else's tool might write it: plain ustar, entries in the order given, after each one's parents.
 * Owned by this process's user, parents too, so that an ordinary user can store it without losing anything.
 */
export function tarOf(...specs: TreeSpec[]): Buffer {
  const told = new Set<string>();
  const members: RawMember[] = [];
  for (const spec of ["./", ...specs]) {
    const parts = parseSpec(spec).name.split("/");
    const parents = parts.slice(0, -1).map((_, depth) => `${parts.slice(0, depth + 1).join("/")}/`);
    for (const entry of [...parents.filter((parent) => !told.has(parent)), spec]) {
      told.add(entry);
      members.push(memberOf(entry));
    }
  }
  return archive(...members);
}

function memberOf(spec: TreeSpec): RawMember {
  const { name, type, text } = parseSpec(spec);
  if (type === "directory") return directory(name, SOME_DAY);
  if (type === "symlink") return { ...symlink(name, text), ...SOME_DAY };
  return { path: name, data: text, ...SOME_DAY };
}
