import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { allChecks, familyOf } from "../../packages/conformance/src/index.ts";
import { kernelFromPath } from "../kernels/from-path.ts";
import { parseRequest, type Request, UsageError } from "../request.ts";
import { SMOKE } from "../smoke.ts";
import { USAGE } from "../usage.ts";

function request(...args: string[]): Request {
  const parsed = parseRequest(args);
  if (parsed === "help") throw new Error("help");
  return parsed;
}

test("without arguments: one kernel, one filesystem, one guest at a time", () => {
  expect(request()).toMatchObject({ kernels: ["debian:6.1"], filesystems: ["ext4"], jobs: 1, limit: 1800, only: [] });
});

test("the matrix is all of it, resumable and of one seed; options narrow it", () => {
  expect(request("--matrix")).toMatchObject({
    kernels: ["debian:5.10", "debian:6.1", "debian:6.12", "debian:7.x"],
    filesystems: ["ext4", "xfs", "btrfs", "tmpfs"],
    matrix: true,
    jobs: 2,
    seed: 1,
    heavy: false,
    results: expect.stringMatching(/reports\/matrix$/),
  });
  expect(request("--matrix", "--fs", "ext4,xfs", "--runs", "7", "--kernel", "debian:7.x", "--heavy")).toMatchObject({
    kernels: ["debian:7.x"],
    filesystems: ["ext4", "xfs"],
    runs: 7,
    heavy: true,
  });
});

test("a kernel of one's own stands beside Debian's in the matrix, and alone without it", () => {
  expect(request("--matrix", "--kernel", "/srv/bzImage").kernels).toHaveLength(5);
  expect(request("--kernel", "/srv/bzImage").kernels).toEqual(["/srv/bzImage"]);
});

test("the matrix of a kernel of one's own alone is asked for", () => {
  const args = ["--matrix", "--kernel", "/srv/bzImage", "--kernel", "./other", "--without-debian"];
  expect(request(...args)).toMatchObject({
    matrix: true,
    kernels: ["/srv/bzImage", "./other"],
    filesystems: ["ext4", "xfs", "btrfs", "tmpfs"],
    results: expect.stringMatching(/reports\/matrix$/),
  });
});

test.each([
  [["--kernel", "debian:4.19"], "debian:5.10, debian:6.1"],
  [["--driver", "overlay"], "overlay2, plain-copy, fuse-overlayfs, aufs"],
  [["--require", "zfs"], "overlay2"],
  [["--fs", "ext4,zfs"], "ext4, xfs, btrfs, tmpfs"],
  [["--only", "CU01,QQ"], "--only QQ"],
  [["--jobs", "0"], "--jobs 0"],
  [["--runs", "many"], "--runs many"],
  [["--matrix", "--smoke"], "not both"],
  [["--matrix", "--without-debian"], "--kernel FILE"],
  [["--matrix", "--without-debian", "--kernel", "debian:6.1", "--kernel", "/srv/bzImage"], "--kernel FILE"],
  [["--frob"], "--frob"],
])("%j is refused before anything is booted", (args, told) => {
  expect(() => request(...args)).toThrow(UsageError);
  expect(() => request(...args)).toThrow(told);
});

test("a file that is no kernel is refused, as one that is not there", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "copyup-kernel-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "bzImage");
  expect(() => kernelFromPath(file, undefined)).toThrow("no such file");
  writeFileSync(file, "#!/bin/sh\n");
  expect(() => kernelFromPath(file, undefined)).toThrow("no kernel image");
  expect(() => kernelFromPath(directory, undefined)).toThrow("no kernel image");
  const header = Buffer.alloc(1024);
  header.write("HdrS", 0x202);
  writeFileSync(file, header);
  expect(kernelFromPath(file, undefined)).toMatchObject({ name: "bzImage", package: null, release: null });
  expect(() => kernelFromPath(file, directory)).toThrow("must hold lib/modules with one release");
});

test("the help names every option and every driver of a guest", () => {
  for (const option of [
    "matrix",
    "without-debian",
    "smoke",
    "kernel",
    "driver",
    "results",
    "cache",
    "limit",
    "memory",
    "jobs",
    "keep",
  ])
    expect(USAGE).toContain(`--${option} `);
  expect(USAGE).toContain("overlay2, plain-copy, fuse-overlayfs, aufs");
});

test("the smoke subset has checks of every family, each a check and once", () => {
  const known = new Set(allChecks.map(({ id }) => id));
  expect(SMOKE.filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(SMOKE).size).toBe(SMOKE.length);
  const families = new Set(allChecks.map(({ id }) => familyOf(id)));
  expect(new Set(SMOKE.map(familyOf))).toEqual(families);
  expect(request("--smoke")).toMatchObject({
    kernels: ["debian:5.10", "debian:7.x"],
    only: SMOKE,
    drivers: ["overlay2"],
  });
});
