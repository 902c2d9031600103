import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { setXattr } from "@copyup/linux";
import { expect, test } from "vitest";
import { compareTrees } from "../../src/tree/compare.ts";
import { plantFile } from "../../src/tree/plant.ts";
import { settleTimes } from "../../src/tree/settle-times.ts";
import { snapshotTree } from "../../src/tree/snapshot.ts";
import { scratchDirectory } from "../scratch-directory.ts";

function build(root: string): string {
  mkdirSync(root);
  plantFile(root, "d/f", "content");
  plantFile(root, "d/g", "content");
  linkSync(`${root}/d/g`, `${root}/d/h`);
  symlinkSync("d/f", `${root}/link`);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), "not UTF-8");
  settleTimes(root, 0n);
  return root;
}

/** The differences after `change` was made to one of two equal trees; times are left out where the change must move them. */
function after(change: (root: string) => void, keepTimes = false): string[] {
  const directory = scratchDirectory();
  const [a, b] = [build(`${directory}/a`), build(`${directory}/b`)];
  expect(compareTrees(snapshotTree(a), snapshotTree(b))).toEqual([]);
  change(b);
  if (!keepTimes) settleTimes(b, 0n);
  return compareTrees(snapshotTree(a), snapshotTree(b));
}

test("a tree built twice is the same twice", () => {
  expect(after(() => {})).toEqual([]);
});

test.each<[string, (root: string) => void, string[]]>([
  ["content of the same size", (root) => writeFileSync(`${root}/d/f`, "CONTENT"), ["d/f: content"]],
  ["size", (root) => truncateSync(`${root}/d/f`, 3), ["d/f: size", "d/f: content"]],
  ["mode", (root) => chmodSync(`${root}/d`, 0o700), ["d: mode"]],
  ["a name more", (root) => writeFileSync(`${root}/new`, ""), ["new: a file in the mount"]],
  ["a name less", (root) => rmSync(`${root}/link`), ["link: a symlink in the model"]],
  [
    "another type",
    (root) => {
      rmSync(`${root}/link`);
      mkdirSync(`${root}/link`);
    },
    ["link: type"],
  ],
  [
    "a symlink's text",
    (root) => {
      rmSync(`${root}/link`);
      symlinkSync("d/g", `${root}/link`);
    },
    ["link: target"],
  ],
  [
    "a name that left its link group",
    (root) => {
      rmSync(`${root}/d/h`);
      writeFileSync(`${root}/d/h`, "content");
    },
    ["d/g: link count", "d/h: mtime", "d/h: link count", "d/h: link group"],
  ],
  [
    "a name of raw bytes",
    (root) => renameSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), `${root}/utf8`),
    ["utf8: a file", "\\xff\\xfe: a file"],
  ],
])("%s is a difference", (_, change, expected) => {
  const lines = after(change);
  expect(lines).toHaveLength(expected.length);
  for (const [index, line] of lines.entries()) expect(line.startsWith(expected[index] ?? "?")).toBe(true);
});

test("a time is a difference, to the nanosecond", () => {
  expect(after((root) => utimesSync(`${root}/d`, 1, 2), true)).toEqual([
    expect.stringMatching(/^d: mtime \d+ in the model, 2000000000 in the mount$/),
  ]);
});

test("an xattr is a difference", (context) => {
  const file = `${scratchDirectory()}/f`;
  writeFileSync(file, "");
  try {
    setXattr(file, "user.a", "1");
  } catch {
    return context.skip("no user xattrs in the temporary directory");
  }
  expect(after((root) => setXattr(`${root}/d`, "user.a", "1"))).toEqual([
    "d: xattrs [] in the model, [user.a=31] in the mount",
  ]);
});

test("paths and everything below them can be left out", () => {
  const directory = scratchDirectory();
  const [a, b] = [build(`${directory}/a`), build(`${directory}/b`)];
  writeFileSync(`${b}/d/f`, "other");
  expect(compareTrees(snapshotTree(a), snapshotTree(b), { except: ["d"] })).toEqual([]);
  expect(compareTrees(snapshotTree(a), snapshotTree(b), { except: ["d/"] })).not.toEqual([]);
});
