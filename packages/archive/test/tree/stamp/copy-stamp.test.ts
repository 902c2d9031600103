import { mkdirSync, readFileSync } from "node:fs";
import type { CopyStamp } from "@copyup/core";
import { expect, test } from "vitest";
import {
  type Comparison,
  copyStampFromJson,
  copyStampToJson,
  copyTree,
  takeCopyStamp,
} from "../../../src/tree/index.ts";
import { changeLines, namesIn, pack } from "../support/pack.ts";
import { scratch } from "../support/scratch.ts";

type Scratch = ReturnType<typeof scratch>;

async function stamped(tmp: Scratch, make: string): Promise<Comparison & { copied: CopyStamp }> {
  tmp.sh(`mkdir p; cd p; ${make}`);
  mkdirSync(tmp.at("c"));
  await copyTree(tmp.at("p"), tmp.at("c"));
  const copied = await takeCopyStamp(tmp.at("c"), tmp.at("directories"));
  return { above: [{ dir: tmp.at("c"), dialect: "tree" }], below: [{ dir: tmp.at("p"), dialect: "tree" }], copied };
}

/** What the stamp finds, and what is found by comparing everything. */
async function both(comparison: Comparison & { copied: CopyStamp }): Promise<[string[], string[]]> {
  const { copied: _, ...whole } = comparison;
  const [quick, full] = [await pack(comparison), await pack(whole)];
  expect(await changeLines(comparison)).toEqual(await changeLines(whole));
  return [namesIn(quick.bytes), namesIn(full.bytes)];
}

const CASES: [what: string, make: string, edit: string][] = [
  ["an edit at once that keeps size and mtime", "echo one > f; touch -d @5 f", "echo two > f; touch -d @5 f"],
  [
    "an edit deep in directories that did not change",
    "mkdir -p a/b/c; echo 1 > a/b/c/f; touch -d @5 a/b/c/f",
    "echo 2 > a/b/c/f; touch -d @5 a/b/c/f",
  ],
  [
    "directories exchanged, their files alike in size and mtime",
    "mkdir a b; echo one > a/f; echo two > b/f; touch -d @5 a/f b/f a b .",
    "mv a x; mv b a; mv x b; touch -d @5 .",
  ],
  [
    "a directory moved deep into a new one of an old name",
    "mkdir -p a/b; echo one > a/b/f; echo x > a/g; touch -d @5 a/b/f a/b a .",
    "mv a old; mkdir a; mv old/b a/b; touch -d @5 a a/b .",
  ],
  [
    "a moved directory that holds a hard link of a file that stayed",
    "mkdir d; echo x > a; ln a d/y; echo z > n",
    "mv d e",
  ],
  [
    "two directories with links of one file change names",
    "mkdir d e; echo x > a; ln a d/y; ln a e/y; touch -d @5 d e",
    "mv d t; mv e d; mv t e",
  ],
  ["a deletion", "mkdir d; touch d/a d/b", "rm d/a"],
  ["a rename within a directory", "touch -d @5 a b", "mv a c"],
  ["nothing", "mkdir d; touch d/f", ":"],
];

test.each(CASES)("%s", async (_, make, edit) => {
  await using tmp = scratch();
  const comparison = await stamped(tmp, make);
  tmp.sh(`cd c; ${edit}`);
  const [quick, full] = await both(comparison);
  expect(quick).toEqual(full);
});

test("what is older than the stamp is not even opened", async () => {
  await using tmp = scratch();
  const comparison = await stamped(tmp, "mkdir -p d/e; echo f > d/e/f; echo g > g");
  // The parent is not touched where nothing changed: it could as well be gone.
  tmp.sh("rm -r p/d p/g; touch -r c p; echo h > c/g");
  expect(await changeLines(comparison)).toEqual(["A g"]);
});

test("after a reboot, or with the clock set, everything is compared", async () => {
  await using tmp = scratch();
  const comparison = await stamped(tmp, "echo f > f");
  tmp.sh("echo g > p/f; touch -r c/f p/f");
  const { copied } = comparison;
  expect(await changeLines(comparison)).toEqual([]);
  const others: Partial<CopyStamp>[] = [
    { bootId: "00000000-0000-0000-0000-000000000000" },
    { clockOffsetNs: copied.clockOffsetNs + 2_000_000n },
    { clockOffsetNs: copied.clockOffsetNs - 2_000_000n },
    { directories: tmp.at("nowhere") },
  ];
  for (const other of others) {
    expect(await changeLines({ ...comparison, copied: { ...copied, ...other } })).toEqual(["M f"]);
  }
});

test("the list of directories: pairs of inode and path hash, ascending", async () => {
  await using tmp = scratch();
  await stamped(tmp, "mkdir -p a/b c $(seq 100 140); touch f");
  const bytes = readFileSync(tmp.at("directories"));
  expect(bytes.length).toBe(16 * (4 + 41));
  const inodes = Array.from({ length: bytes.length / 16 }, (_, i) => bytes.readBigUInt64LE(i * 16));
  expect(inodes).toEqual([...inodes].sort((x, y) => (x < y ? -1 : 1)));
  const at = inodes.indexOf(BigInt(tmp.sh("stat -c %i c/a/b").trim())) * 16;
  // FNV-1a, 64 bits, of "a/b".
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from("a/b")) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  expect(bytes.readBigUInt64LE(at + 8)).toBe(hash);
});

test("a stamp as JSON, with the list where it lies now", async () => {
  await using tmp = scratch();
  const { copied } = await stamped(tmp, ":");
  const json = JSON.parse(JSON.stringify(copyStampToJson(copied)));
  expect(copyStampFromJson(json, "/elsewhere/list")).toEqual({ ...copied, directories: "/elsewhere/list" });
  for (const bad of [null, 7, {}, { ...json, ctimeNs: "x" }, { ...json, bootId: 3 }])
    expect(copyStampFromJson(bad, "/x")).toBe(null);
});
