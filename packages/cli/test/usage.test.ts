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
    ["no check by name, as of a variable that is not set", ["conform", "--only", ""]],
    ["nothing required, likewise", ["conform", "--require", ","]],
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
    expect(stderr).toContain("overlay2, plain-copy, fuse-overlayfs, and aufs");
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

  test.each([
    [["--runs", "0"], "--runs 0: a whole number from 1 to 1000"],
    [["--runs", "1.5"], "--runs 1.5: a whole number"],
    [["--runs", ""], '--runs "": a whole number'],
    [["--scale", "0"], "--scale 0: a number from 0.001 to 50"],
    [["--files", "a,b"], "--files a: a whole number from 1 to 1000000"],
    [["--files", "100,,200"], '--files "": a whole number'],
    [["--layers", "500"], "--layers 500: a whole number from 1 to 499"],
    [["nosuch"], "there is no workload nosuch"],
    [["--list", "nosuch"], "there is no workload nosuch"],
    [["--html", "bench.json"], "--out and --html are both "],
    [["--html", "no/such/bench.html"], "IO: cannot write the report "],
    [["--driver", "zfs"], 'BAD_OPTION: there is no driver "zfs"'],
    [["--work", "no/such"], "BAD_OPTION: cannot work below "],
  ])("bench %j is refused, and leaves nothing", (args, told) => {
    const cwd = temporaryDirectory();
    const { status, stdout, stderr } = copyup(["bench", "mount-10", "--out", "bench.json", ...args], { cwd });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(told);
    expect(stderr).not.toContain("INTERNAL");
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([
    ["conform", ["--work", "no/such"], "BAD_OPTION: cannot work below "],
    ["conform", ["--work", "file"], "file: ENOTDIR"],
    ["conform", ["--only", "ZZ"], "no check is called ZZ"],
    ["conform", ["--require", "zfs"], 'there is no driver "zfs"'],
    ["conform", ["--results", "file"], "IO: cannot keep results in "],
    ["conform", ["--results", "file/below"], "IO: cannot keep results in "],
    ["compare", ["--driver", "zfs"], 'there is no driver "zfs"'],
    ["compare", ["--image", "file"], "BAD_ARCHIVE: file is no image"],
    ["compare", ["--work", "file"], "file: ENOTDIR"],
  ])("%s %j is refused, and leaves nothing", (verb, args, told) => {
    const cwd = temporaryDirectory();
    writeFileSync(path.join(cwd, "file"), "something");
    const { status, stdout, stderr } = copyup([verb, "--out", "report.html", ...args], { cwd });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(told);
    expect(stderr).toMatch(/\n {2}\S/);
    expect(readdirSync(cwd)).toEqual(["file"]);
  });

  test("bench --list shows the workloads that are named, each beside its question", () => {
    const { status, stdout } = copyup(["bench", "--list", "container-commands-at-once"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^container-commands-at-once {2}\S.*\n$/);
    expect(copyup(["bench", "--list"]).stdout).toContain("\nmemory-by-names ");
  });
});
