import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";

describe("usage", () => {
  test("help shows every verb and examples, exit 0", () => {
    const { status, stdout } = copyup(["--help"]);
    expect(status).toBe(0);
    for (const verb of [
      "probe",
      "conform",
      "report",
      "compare",
      "layer",
      "mount",
      "umount",
      "store",
      "explain",
      "Examples:",
    ])
      expect(stdout).toContain(verb);
  });

  test.each([
    ["an unknown verb", ["frobnicate"]],
    ["an unknown option", ["layer", "ls", "--frobnicate"]],
    ["a filesystem that bench knows nothing of", ["bench", "--fs", "ntfs"]],
    ["a missing argument", ["layer", "show"]],
    ["a bad choice", ["conform", "--format", "yaml"]],
    ["a bad seed", ["conform", "--seed", "x"]],
    ["a filesystem nobody makes", ["conform", "--fs", "ext4,zfs"]],
    ["a report of nothing", ["report"]],
  ])("%s is exit 2, said on stderr", (_, args) => {
    const { status, stdout, stderr } = copyup(args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("error:");
  });

  test("a reading verb makes no store", () => {
    const root = path.join(temporaryDirectory(), "store");
    const { status, stderr } = copyup(["layer", "ls", "--root", root]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^copyup: NOT_FOUND: /);
    expect(existsSync(root)).toBe(false);
  });

  test("an unknown driver is BAD_OPTION and names the others", () => {
    const { status, stderr } = copyup([
      "layer",
      "create",
      "--root",
      path.join(temporaryDirectory(), "s"),
      "--driver",
      "zfs",
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain("copyup: BAD_OPTION:");
    expect(stderr).toContain("overlay2 and plain-copy");
    const probed = copyup(["--driver", "zfs", "probe"]);
    expect([probed.status, probed.stderr]).toEqual([1, expect.stringContaining('there is no driver "zfs"')]);
    expect(probed.stderr).toContain("--driver-module");
  });

  test("a file that cannot be read makes no store either", () => {
    const dir = temporaryDirectory();
    const { status, stderr } = copyup([
      "layer",
      "apply",
      path.join(dir, "missing.tar"),
      "--root",
      path.join(dir, "store"),
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain("ENOENT");
    expect(readdirSync(dir)).toEqual([]);
  });

  test("errors under --json are one document", () => {
    const dir = temporaryDirectory();
    writeFileSync(path.join(dir, "x.tar"), "this is no tar archive");
    const { status, stdout } = copyup([
      "--json",
      "--driver",
      "plain-copy",
      "layer",
      "apply",
      path.join(dir, "x.tar"),
      "--root",
      path.join(dir, "store"),
    ]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "BAD_ARCHIVE" } });
  });
});
