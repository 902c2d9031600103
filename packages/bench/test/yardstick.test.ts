import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { compareTrees, snapshotTree } from "@copyup/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildYardsticks } from "../src/yardstick/build-yardsticks.ts";

/** A yardstick that leaves something out would be a limit nobody can reach. */
const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-yardstick-"));
const yardsticks = buildYardsticks(path.join(dir, "bin"));
const present = "programs" in yardsticks;
const tree = path.join(dir, "tree");

beforeAll(() => {
  mkdirSync(path.join(tree, "d".repeat(120), "inner"), { recursive: true });
  for (let i = 0; i < 50; i++)
    writeFileSync(path.join(tree, `file-${i}`), "x".repeat(i * 997), { mode: i % 2 ? 0o640 : 0o4755 });
  writeFileSync(path.join(tree, "large"), Buffer.alloc(3_000_001, "large"));
  linkSync(path.join(tree, "file-7"), path.join(tree, "d".repeat(120), "also-7"));
  symlinkSync("t".repeat(150), path.join(tree, "long-link"));
  utimesSync(path.join(tree, "file-3"), 1_700_000_000, 1_700_000_000.123456);
  utimesSync(path.join(tree, "d".repeat(120)), 1_600_000_000, 1_600_000_000);
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Nothing that the tests make is a mount. */
function differences(other: string) {
  return compareTrees(snapshotTree(tree), snapshotTree(other));
}

describe.runIf(present)("the yardsticks in C do all of the work", () => {
  const programs = present ? yardsticks.programs : ({} as never);

  test("a copy is the tree", () => {
    execFileSync(programs.copy, [tree, path.join(dir, "copied")]);
    expect(differences(path.join(dir, "copied"))).toEqual([]);
  });

  test("a diff is a tar that GNU tar and the yardstick's own apply turn into the tree again; digests are right", () => {
    const diff = spawnSync(programs.diff, [tree], { maxBuffer: 1 << 26 });
    const digest = createHash("sha256").update(diff.stdout).digest("hex");
    expect([diff.status, diff.stderr.toString().trim()]).toEqual([0, digest]);
    const tar = path.join(dir, "diff.tar");
    writeFileSync(tar, diff.stdout);
    for (const [name, extract] of [
      ["applied", (to: string) => expect(execFileSync(programs.apply, [tar, to]).toString().trim()).toBe(digest)],
      ["extracted", (to: string) => execFileSync("tar", ["-xpf", tar, "-C", to])],
    ] as const) {
      mkdirSync(path.join(dir, name));
      extract(path.join(dir, name));
      expect([name, differences(path.join(dir, name))]).toEqual([name, []]);
    }
  });

  test.each([
    ["the library we use", []],
    ["zlib", ["zlib"]],
  ])("a gzip tar is taken apart by %s, and a damaged one is not", (name, words) => {
    const plain = spawnSync(programs.diff, [tree], { maxBuffer: 1 << 26 }).stdout;
    const tar = path.join(dir, "diff.tar.gz");
    const to = path.join(dir, `gunzipped by ${name}`);
    writeFileSync(tar, gzipSync(plain));
    mkdirSync(to);
    const digest = createHash("sha256").update(plain).digest("hex");
    expect(
      execFileSync(programs.apply, [tar, to, ...words])
        .toString()
        .trim(),
    ).toBe(digest);
    expect(differences(to)).toEqual([]);
    const damaged = gzipSync(plain);
    damaged[damaged.length - 5]! ^= 1;
    for (const bytes of [damaged, damaged.subarray(0, damaged.length - 1000)]) {
      writeFileSync(tar, bytes);
      rmSync(to, { recursive: true });
      mkdirSync(to);
      expect(spawnSync(programs.apply, [tar, to, ...words]).status).toBe(1);
    }
  });

  test("the scales tell a program's peak of memory, and its end", () => {
    const weighed = (script: string) => {
      const { status } = spawnSync(programs.peak, [path.join(dir, "peak"), process.execPath, "-e", script]);
      return { status, bytes: Number(readFileSync(path.join(dir, "peak"), "utf8")) * 1024 };
    };
    const little = weighed("process.exitCode = 3");
    expect(little.status).toBe(3);
    expect(little.bytes).toBeGreaterThan(1e7);
    expect(weighed("Buffer.alloc(2e8, 1)").bytes).toBeGreaterThan(little.bytes + 1.9e8);
  });

  test("what cannot be done is said, and is no success", () => {
    const run = spawnSync(programs.apply, [path.join(dir, "absent.tar"), dir], { encoding: "utf8" });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("No such file")]);
    writeFileSync(path.join(dir, "cut.tar"), readFileSync(path.join(dir, "diff.tar")).subarray(0, 70_000));
    mkdirSync(path.join(dir, "cut"));
    expect(spawnSync(programs.apply, [path.join(dir, "cut.tar"), path.join(dir, "cut")]).status).not.toBe(0);
  });
});

test.runIf(!present)("without a compiler they are absent, and the reason says what to install", () => {
  expect(yardsticks).toEqual({ absent: expect.stringContaining("gcc") });
});
