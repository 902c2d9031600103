import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { AT_FDCWD, closeFd, mkdirAt, openDirectoryAt } from "@copyup/linux";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeTree, treeUsage } from "../../../src/tree/index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "copyup-remove-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("removes a tree, and follows no symlink out of it", async () => {
  mkdirSync(path.join(dir, "outside"));
  writeFileSync(path.join(dir, "outside/kept"), "x");
  mkdirSync(path.join(dir, "t/a/b"), { recursive: true });
  writeFileSync(path.join(dir, "t/a/b/f"), "x");
  symlinkSync(path.join(dir, "outside"), path.join(dir, "t/a/link"));
  await removeTree(path.join(dir, "t"));
  expect(existsSync(path.join(dir, "t"))).toBe(false);
  expect(existsSync(path.join(dir, "outside/kept"))).toBe(true);
});

test("removes directories its user may not read or write", async () => {
  mkdirSync(path.join(dir, "t/a/b"), { recursive: true });
  writeFileSync(path.join(dir, "t/a/b/f"), "x");
  chmodSync(path.join(dir, "t/a/b"), 0o500);
  chmodSync(path.join(dir, "t/a"), 0o000);
  await removeTree(path.join(dir, "t"));
  expect(existsSync(path.join(dir, "t"))).toBe(false);
});

test("what is not there is no error; a file and a symlink are removed themselves", async () => {
  await removeTree(path.join(dir, "nothing"));
  await removeTree(path.join(dir, "nothing/deeper"));
  writeFileSync(path.join(dir, "f"), "x");
  symlinkSync("f", path.join(dir, "l"));
  await removeTree(path.join(dir, "l"));
  expect(existsSync(path.join(dir, "f"))).toBe(true);
  await removeTree(path.join(dir, "f"));
  expect(existsSync(path.join(dir, "f"))).toBe(false);
});

test("a tree deeper than any path can name", async () => {
  mkdirSync(path.join(dir, "t"));
  let fd = openDirectoryAt(AT_FDCWD, path.join(dir, "t"));
  for (let depth = 0; depth < 3000; depth++) {
    mkdirAt(fd, "dddddddd");
    const next = openDirectoryAt(fd, "dddddddd");
    closeFd(fd);
    fd = next;
  }
  closeFd(fd);
  await removeTree(path.join(dir, "t"));
  expect(existsSync(path.join(dir, "t"))).toBe(false);
});

test("an abort is seen while it works", async () => {
  mkdirSync(path.join(dir, "t"));
  for (let i = 0; i < 6000; i++) writeFileSync(path.join(dir, `t/${i}`), "");
  const stop = new AbortController();
  const removing = removeTree(path.join(dir, "t"), {
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  });
  await expect(removing).rejects.toThrow("enough");
  expect(existsSync(path.join(dir, "t"))).toBe(true);
});

test("usage counts an inode once", async () => {
  mkdirSync(path.join(dir, "t/d"), { recursive: true });
  writeFileSync(path.join(dir, "t/a"), Buffer.alloc(40_960, 1));
  execFileSync("ln", ["a", "d/b"], { cwd: path.join(dir, "t") });
  const { bytes, inodes } = await treeUsage(path.join(dir, "t"));
  expect(inodes).toBe(3);
  const du = Number(execFileSync("du", ["-s", "-B1", path.join(dir, "t")], { encoding: "utf8" }).split("\t")[0]);
  expect(bytes).toBe(du);
});
