import { fstat, lstatName, namesOf, openDirectoryAt, S_IFDIR, S_IFMT, S_IFREG, Stat, withFd } from "@copyup/linux";
import fc from "fast-check";
import type { Edit } from "./edit.ts";
import type { Ground } from "./ground.ts";
import type { Place } from "./place.ts";

/**
 * A path as a program is made with it, before anybody knows what will be there: found in the model when its turn comes, so
 * that most edits meet something. What was found stands in the recording and in the script.
 */
export interface Wish {
  /** `new`: a name in a directory that is there; the name may be taken. The others: something that is there. */
  readonly wish: "new" | "any" | "file" | "directory";
  readonly pick: number;
  /** Index of a name. */
  readonly name: number;
}

/** An edit whose paths are wishes. */
export type Draft<E extends Edit = Edit> = E extends Edit
  ? { readonly [K in keyof E]: E[K] extends Place ? Wish : E[K] }
  : never;

const wish = (kind: Wish["wish"], weight: number) => ({
  arbitrary: fc.record({ wish: fc.constant(kind), pick: fc.nat(60), name: fc.nat(3) }),
  weight,
});

/** For what is to be made: mostly a free name. */
export const freeName: fc.Arbitrary<Wish> = fc.oneof(wish("new", 9), wish("any", 1));
/** For what a rename may replace. */
export const anyName: fc.Arbitrary<Wish> = fc.oneof(wish("new", 5), wish("any", 4), wish("directory", 1));
export const existing: fc.Arbitrary<Wish> = fc.oneof(wish("any", 10), wish("directory", 3), wish("new", 1));
export const file: fc.Arbitrary<Wish> = fc.oneof(wish("file", 10), wish("any", 1), wish("new", 1));
export const directory: fc.Arbitrary<Wish> = fc.oneof(wish("directory", 8), wish("any", 1));

/** Deep enough for a merged directory in a merged directory, shallow enough to meet again. */
const MAX_DEPTH = 4;

interface Found {
  readonly all: Place[];
  readonly files: Place[];
  /** The root first. */
  readonly directories: Place[];
}

/** The edit that a draft means in this tree. */
export function granted(draft: Draft, ground: Ground): Edit {
  let found: Found | null = null;
  const grant = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("wish" in value)) return value;
    found ??= look(ground);
    return choose(value as Wish, found);
  };
  return Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, grant(value)])) as unknown as Edit;
}

function choose({ wish, pick, name }: Wish, { all, files, directories }: Found): Place {
  const from = wish === "file" ? files : wish === "any" ? all : wish === "directory" ? directories : [];
  const there = from[pick % from.length];
  if (there !== undefined) return there;
  const roomy = directories.filter((directory) => directory.length < MAX_DEPTH);
  return [...(roomy[pick % roomy.length] ?? []), name];
}

/** By the order of the names' indices: the same on every filesystem. */
function look(ground: Ground): Found {
  const found: Found = { all: [], files: [], directories: [[]] };
  const index = new Map(ground.names.map((name, index) => [name.toString("latin1"), index]));
  const stat = new Stat();
  const visit = (dirfd: number, place: Place) => {
    const indices = namesOf(dirfd).map((name) => index.get(name) ?? 0);
    for (const i of indices.sort()) {
      const at = [...place, i];
      const name = ground.names[i] ?? Buffer.alloc(0);
      found.all.push(at);
      lstatName(dirfd, name.toString("latin1"), stat);
      const type = stat.mode & S_IFMT;
      if (type === S_IFREG) found.files.push(at);
      if (type !== S_IFDIR) continue;
      found.directories.push(at);
      withFd(openDirectoryAt(dirfd, name), (fd) => visit(fd, at));
    }
  };
  fstat(ground.fd, stat);
  withFd(openDirectoryAt(ground.fd, "."), (fd) => visit(fd, []));
  return found;
}
