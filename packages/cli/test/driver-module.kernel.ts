import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CheckResult } from "@copyup/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";
import { makeOutsidePackage, type OutsidePackage, writeModule } from "./outside-package.ts";

/** A driver outside this repository, on copies of our packages as they would be published. */
let outside: OutsidePackage & Disposable;
beforeAll(() => {
  outside = makeOutsidePackage();
}, 120_000);
afterAll(() => outside[Symbol.dispose]());

const inside = (...args: string[]) => copyup(args, { cwd: outside.dir });

describe("our packages as they are published", () => {
  test("hold every file they export, and nothing that only this workspace understands", () => {
    expect(outside.packed.size).toBeGreaterThanOrEqual(10);
    for (const [name, { manifest, files }] of outside.packed) {
      const exported = Object.values(manifest.exports).flatMap((to) =>
        typeof to === "string" ? [to] : Object.values(to),
      );
      const named = [...exported, ...Object.values(manifest.bin ?? {})];
      expect(named.length, name).toBeGreaterThan(1);
      for (const file of named) expect(files, `${name} exports ${file}`).toContain(path.normalize(file));
      expect(JSON.stringify(manifest), name).not.toMatch(/workspace:|@copyup\/source/);
      expect(
        files.filter((file) => /(^|\/)(\.|src\/|test\/)/.test(file)),
        name,
      ).toEqual([]);
    }
  });
});

describe("a driver of another package", () => {
  test("is probed after ours, by path and by name, from a flag and from the environment", () => {
    const byPath = JSON.parse(inside("probe", "--driver-module", "./dist/index.js", "--json").stdout);
    expect(byPath.drivers.at(-1)).toMatchObject({ driver: "full-tree", works: true });
    // Its own copy of a package, so by its name from another directory.
    const user = temporaryDirectory();
    mkdirSync(path.join(user, "node_modules"));
    symlinkSync(outside.dir, path.join(user, "node_modules/copyup-full-tree"));
    const byName = copyup(["--driver-module", "copyup-full-tree", "probe"], { cwd: user });
    expect(byName.stdout).toContain("works: full-tree (an example outside copyup's repository");
    const env = { COPYUP_DRIVER_MODULES: `copyup-full-tree:${outside.dir}/dist/index.js` };
    expect(copyup(["probe"], { cwd: user, env }).stdout.match(/works: full-tree/g)).toHaveLength(1);
  });

  test("conforms", () => {
    const only = ["CU0", "CU31", "WH0", "ME0", "LA20", "DA05"].flatMap((id) => ["--only", id]);
    const run = inside("conform", "full-tree", "--driver-module", "./dist/index.js", ...only, "--format", "jsonl");
    const results = run.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as CheckResult);
    expect(results.filter(({ status, driver }) => status === "fail" || driver !== "full-tree")).toEqual([]);
    expect(results.find(({ id }) => id === "CU31")).toMatchObject({ status: "deviates" });
    expect(results.filter(({ status }) => status === "pass").length).toBeGreaterThan(20);
    expect(run.status).toBe(0);
  });

  test("has layers, mounts, and diffs equal to ours; the store is its own", () => {
    const dir = temporaryDirectory();
    const tree = path.join(dir, "tree");
    const target = path.join(dir, "mnt");
    for (const made of [tree, target]) mkdirSync(made);
    writeFileSync(path.join(tree, "kept"), "from the image\n");
    const theirs = (...args: string[]) =>
      inside(
        "--root",
        path.join(dir, "theirs"),
        "--driver-module",
        "./dist/index.js",
        "--driver",
        "full-tree",
        ...args,
      );
    const ours = (...args: string[]) => inside("--root", path.join(dir, "ours"), "--driver", "plain-copy", ...args);

    const tar = path.join(dir, "image.tar");
    ours("layer", "diff", ours("layer", "import", tree).last, "-o", tar);
    const base = theirs("layer", "apply", tar).last;
    const box = theirs("layer", "create", "--parent", base).last;
    expect(theirs("mount", box, target).stderr).toBe("");
    expect(readFileSync(path.join(target, "kept"), "utf8")).toBe("from the image\n");
    writeFileSync(path.join(target, "made"), "in the container\n");
    expect(theirs("layer", "changes", box).stdout).toBe("M /\nA /made\n");
    expect(theirs("umount", target).status).toBe(0);
    expect(theirs("layer", "commit", box).status).toBe(0);
    expect(theirs("layer", "diff", base).stdout).toBe(readFileSync(tar, "latin1"));
    expect(theirs("store", "check").stdout).toContain("all well");

    // Its records can be read all the same.
    expect(inside("--root", path.join(dir, "theirs"), "layer", "ls").stdout).toContain("full-tree");
    const without = inside("--root", path.join(dir, "theirs"), "layer", "show", base);
    expect(without.status).toBe(1);
    expect(without.stderr).toContain("WRONG_DRIVER: the store holds layers of full-tree, a driver that is not known");
    expect(without.stderr).toContain("--driver-module");
  });

  test("throws errors of its own copy of our packages, and they are told as ours", () => {
    const refusing = writeModule(
      outside,
      "refusing.js",
      `import { StorageError } from "@copyup/core";
       import { driver as full } from "./index.js";
       export default { ...full, name: "refusing", async open() {
         throw new StorageError({ code: "DRIVER_UNSUPPORTED", op: "open", message: "not on a Monday", hint: "wait" });
       } };`,
    );
    const failing = writeModule(
      outside,
      "failing.js",
      `import { AT_FDCWD, mkdirAt } from "@copyup/linux";
       import { driver as full } from "./index.js";
       export default { ...full, name: "failing", open: async (...a) => ({
         ...(await full.open(...a)), name: "failing", create: async () => mkdirAt(AT_FDCWD, "/proc/version/x", 0o700),
       }) };`,
    );
    const root = path.join(temporaryDirectory(), "store");
    const create = (module: string, driver: string) =>
      inside("--root", root, "--driver-module", module, "--driver", driver, "layer", "create");
    expect(create(refusing, "refusing")).toMatchObject({
      status: 3,
      stderr: "copyup: DRIVER_UNSUPPORTED: not on a Monday\n  wait\n",
    });
    expect(create(failing, "failing").stderr).toBe("copyup: IO: mkdirat /proc/version/x: ENOTDIR\n");
  });

  test("has a test file that is one call", () => {
    const vitest = path.join(outside.dir, "node_modules/vitest/vitest.mjs");
    const report = path.join(outside.dir, "report.json");
    outside.run(process.execPath, vitest, "run", "--reporter=json", `--outputFile=${report}`);
    expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({ numPassedTests: 7, numTotalTests: 7 });
  });
});

describe("a module that is no driver is BAD_OPTION and says why", () => {
  const whole = `name: "mine", summary: "s", bodyFormat: 1, probe() { return []; }, profile() {}, `;
  test.each([
    ["missing", null, "there is no driver module", "paths begin at"],
    ["throws", `throw new RangeError("out of luck")`, "RangeError: out of luck", "throws.mjs:1"],
    ["wrong syntax", `{ export`, "SyntaxError", "`node ./syntax.mjs` shows where"],
    [
      "imports what is not there",
      `import "surely-not-installed"`,
      "surely-not-installed",
      "installed in its own package",
    ],
    ["no driver", `export const drivers = []`, "exports no driver", "this one exports drivers"],
    ["no object", `export default 7`, "it is 7, not an object", ""],
    ["bad name", `export const driver = { ${whole} open() {}, name: "My Driver" }`, 'its name is "My Driver"', ""],
    ["a method missing", `export const driver = { ${whole} }`, "its open is missing, not a function", ""],
    ["bad format", `export const driver = { ${whole} open() {}, bodyFormat: 1.5 }`, "its bodyFormat is 1.5", ""],
    [
      "too new",
      `export const driver = { ${whole} open() {}, apiVersion: 99 }`,
      "version 99 of the driver interface",
      "",
    ],
    ["ours", `export const driver = { ${whole} open() {}, name: "overlay2" }`, "a driver called overlay2 already", ""],
    [
      "opens nothing",
      `export const driver = { ${whole} async open() { return { name: "mine", bodyFormat: 1 }; } }`,
      "its create is missing, not a function",
      "",
    ],
  ])("%s", (name, text, message, hint) => {
    const dir = temporaryDirectory();
    const file = `${name.split(" ").at(-1)}.mjs`;
    if (text !== null) writeFileSync(path.join(dir, file), text);
    const run = copyup(["--root", "store", "--driver-module", `./${file}`, "--driver", "mine", "layer", "create"], {
      cwd: dir,
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^copyup: BAD_OPTION: /);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(hint);
  });
});
