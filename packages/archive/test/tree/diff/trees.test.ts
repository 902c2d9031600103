import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  AT_FDCWD,
  EOPNOTSUPP,
  isSystemError,
  mknodAt,
  openDirectoryAt,
  S_IFSOCK,
  setXattr,
  withFd,
} from "@copyup/linux";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Comparison } from "../../../src/tree/index.ts";
import { changeLines, namesIn, pack } from "../support/pack.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "copyup-diff-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A parent made by one script, and a copy of it changed by another. */
function edited(make: string, edit: string): Comparison {
  const [a, b] = [path.join(dir, "a"), path.join(dir, "b")];
  mkdirSync(a);
  const sh = (script: string, cwd: string) => execFileSync("sh", ["-ec", script], { cwd });
  sh(make, a);
  execFileSync("cp", ["-a", a, b]);
  sh(edit, b);
  return { above: [{ dir: b, dialect: "tree" }], below: [{ dir: a, dialect: "tree" }] };
}

/** Keeps the directory's time, so that a test is about one thing. */
const quietly = (directory: string, script: string) =>
  `touch -r ${directory} ../ref; ${script}; touch -r ../ref ${directory}`;

test("equal trees: nothing but the end of the archive", async () => {
  const comparison = edited("mkdir d; echo x > d/f; ln d/f d/g; ln -s f d/l; mkfifo p", ":");
  expect(await changeLines(comparison)).toEqual([]);
  expect((await pack(comparison)).bytes).toEqual(Buffer.alloc(1024));
});

test("a base is told whole, its root first", async () => {
  const { below } = edited("mkdir -p d/e; echo x > d/f; echo y > b; ln -s f d/l", ":");
  const base: Comparison = { above: below!, below: null };
  expect(namesIn((await pack(base)).bytes)).toEqual(["./", "b", "d/", "d/e/", "d/f", "d/l -> f"]);
});

test("an edit that keeps size and mtime is found; ancestors precede it", async () => {
  const comparison = edited("mkdir -p d/e; echo one > d/e/f; echo g > d/e/g", quietly("d/e/f", "echo two > d/e/f"));
  expect(await changeLines(comparison)).toEqual(["M d/e/f"]);
  expect(namesIn((await pack(comparison)).bytes)).toEqual(["d/", "d/e/", "d/e/f"]);
});

test("a deleted directory is one whiteout, before the other entries of its directory", async () => {
  const comparison = edited(
    "mkdir -p b a.d; touch a b/f c; mkdir -p d/x/y; touch d/x/y/z; touch e",
    `${quietly(".", "rm -r d a; echo n > e")}; echo n > b/f`,
  );
  const { bytes } = await pack(comparison);
  expect(namesIn(bytes)).toEqual([".wh.a", ".wh.d", "b/", "b/f", "e"]);
  expect(await changeLines(comparison)).toEqual(["D a", "D d", "M b/f", "M e"]);
});

test("a whiteout is an empty file 0644 of root from 1970", async () => {
  const comparison = edited("touch a", quietly(".", "rm a"));
  const listing = execFileSync("tar", ["-tvf", "-", "--utc", "--numeric-owner"], {
    input: (await pack(comparison)).bytes,
    encoding: "utf8",
  });
  expect(listing).toMatch(/^-rw-r--r-- 0\/0\s+0 1970-01-01 00:00 \.wh\.a\n$/);
});

test("a name that changed its type has no whiteout, whatever lay in it", async () => {
  const comparison = edited(
    "mkdir d; touch d/gone f l; ln -s x s",
    quietly(".", "rm -r d f s; touch d; mkdir f; touch f/n; mkdir s"),
  );
  expect(namesIn((await pack(comparison)).bytes)).toEqual(["d", "f/", "f/n", "s/"]);
  expect(await changeLines(comparison)).toEqual(["M d", "M f", "A f/n", "M s"]);
});

test("owner-independent attributes: mode, mtime ns, link text", async () => {
  const comparison = edited(
    "touch m t; ln -s a l; mkdir d;",
    `chmod 600 m; touch -d @1.000000001 t; ${quietly(".", "rm l; ln -s b l")}; chmod 700 d`,
  );
  expect(await changeLines(comparison)).toEqual(["M d", "M l", "M m", "M t"]);
});

test("names of 255 bytes and of bytes that are no UTF-8, deleted and added", async () => {
  const long = "n".repeat(255);
  const comparison = edited(
    `touch ${long}; touch "$(printf 'bad\\377\\376')"`,
    quietly(".", `rm ${long}; rm bad*; touch "$(printf '\\200new')" m${long.slice(1)}`),
  );
  expect(namesIn((await pack(comparison)).bytes)).toEqual([
    ".wh.bad\\377\\376",
    `.wh.${long}`,
    `m${long.slice(1)}`,
    "\\200new",
  ]);
});

test("what no layer can say is refused by name; changes tells it nevertheless", async () => {
  const comparison = edited("mkdir d", "touch d/.wh.x");
  expect(await changeLines(comparison)).toContain("A d/.wh.x");
  await expect(pack(comparison)).rejects.toMatchObject({ code: "NOT_REPRESENTABLE", path: "d/.wh.x" });
});

test("sockets: skipped with a note; one that replaces a file deletes it", async () => {
  const comparison = edited("touch f", ":");
  const [above, below] = [comparison.above[0]!.dir, comparison.below![0]!.dir];
  const socket = (parent: string, name: string) =>
    withFd(openDirectoryAt(AT_FDCWD, parent), (fd) => mknodAt(fd, name, S_IFSOCK | 0o600));
  for (const name of ["gone", "old"]) socket(below, name);
  execFileSync("cp", ["-a", path.join(below, "old"), above]);
  rmSync(path.join(above, "f"));
  for (const name of ["f", "new"]) socket(above, name);
  execFileSync("touch", ["-r", below, above]);
  const { bytes, notes } = await pack(comparison);
  expect(namesIn(bytes)).toEqual([".wh.f"]);
  expect(notes).toEqual([
    { kind: "socket", path: "f" },
    { kind: "socket", path: "new" },
  ]);
  expect(await changeLines(comparison)).toEqual(["D gone", "M f", "A new"]);
});

test("a socket in a file's place is deleted with the others, before what is added", async () => {
  const { above, below } = edited("touch c", "rm c; touch -d @7 a b; touch -d @8 .");
  withFd(openDirectoryAt(AT_FDCWD, above[0]!.dir), (fd) => mknodAt(fd, "c", S_IFSOCK | 0o600));
  const { bytes } = await pack({ above, below });
  // Applied, it gives a view without c: the archive of that view must be the same.
  expect(namesIn(bytes)).toEqual(["./", ".wh.c", "a", "b"]);
});

/** The names that hard link entries stand for: `name == first`. */
const groupCases: [what: string, make: string, edit: string, entries: string[]][] = [
  ["an equal group: nothing", "touch a b; ln a c", ":", []],
  ["a new name: the whole group", "mkdir d; touch b; ln b c", "ln b a; touch -d @7 .", ["./", "a", "b == a", "c == a"]],
  ["a new name below a directory", "mkdir d; touch b", `${quietly("d", "ln b d/x")}`, ["b", "d/", "d/x == b"]],
  ["a name left: nothing for the others", "touch a b; ln a c; ln a d", quietly(".", "rm a; echo n > a"), ["a"]],
  ["a name deleted: a whiteout alone", "touch a; ln a c; ln a d", quietly(".", "rm a"), [".wh.a"]],
  ["changed bytes: the whole group", "echo one > a; ln a c; touch b", quietly("a", "echo two > a"), ["a", "c == a"]],
  ["changed mode: the whole group", "touch a b; ln a c", "chmod 600 c", ["a", "c == a"]],
  ["two equal files become one: it joined", "touch -d @9 a b", quietly(".", "ln -f a b"), ["a", "b == a"]],
  [
    "one group splits into two: those that left are whole",
    "touch a; ln a b; ln a c; ln a d",
    quietly(".", "cp -p c x; rm c d; mv x c; ln c d"),
    [],
  ],
  [
    "a name goes from one group to another",
    "touch -d @9 a x; ln a b; ln x y",
    quietly(".", "ln -f x b"),
    ["b", "x == b", "y == b"],
  ],
  [
    "links of symlinks and fifos",
    "touch t",
    quietly(".", "ln -s t s; ln s s2; mkfifo p; ln p p2"),
    ["p", "p2 == p", "s -> t", "s2 == s"],
  ],
];

test.each(groupCases)("hard links: %s", async (_, make, edit, entries) => {
  expect(namesIn((await pack(edited(make, edit))).bytes)).toEqual(entries);
});

test("extended attributes, and holes with and without bytes behind them", async (context) => {
  const comparison = edited("touch x y; truncate -s 9M h i", ":");
  const above = comparison.above[0]!.dir;
  try {
    setXattr(path.join(above, "x"), "user.k", Buffer.from([0, 61, 10, 255]));
  } catch (error) {
    if (!isSystemError(error, EOPNOTSUPP)) throw error;
    context.skip("the temporary directory's filesystem has no user xattrs");
  }
  const script = quietly("i", "printf x | dd of=i bs=1 seek=5000000 conv=notrunc status=none");
  execFileSync("sh", ["-ec", script], { cwd: above });
  expect(await changeLines(comparison)).toEqual(["M i", "M x"]);
});
