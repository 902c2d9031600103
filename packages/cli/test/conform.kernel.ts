import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";

const lines = (text: string) => text.trimEnd().split("\n");

describe("conform writes several reports at once, by their ending", () => {
  let dir: string;
  let status: number | null;
  let stdout: string;
  const read = (name: string) => readFileSync(path.join(dir, name), "utf8");

  beforeAll(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), "copyup-cli-"));
    const outs = ["r.html", "r.xml", "r.tap", "r.jsonl"].flatMap((name) => ["--out", path.join(dir, name)]);
    ({ status, stdout } = copyup([
      "conform",
      "overlay2",
      "plain-copy",
      "--only",
      "CU02,CU07",
      "--fs",
      "ext4,tmpfs",
      "--seed",
      "5",
      ...outs,
    ]));
    return () => rmSync(dir, { recursive: true });
  });

  test("text goes on, with a table and the line that scripts read", () => {
    expect(status).toBe(0);
    expect(stdout).toMatch(/^driver +filesystem +passed/m);
    expect(stdout).toMatch(/^overlay2 +tmpfs +1 +1 +0 +0 /m);
    expect(lines(stdout).at(-1)).toBe("6 passed, 2 deviating as declared, 0 failed, 0 skipped");
  });

  test("JSON lines are results and nothing else", () => {
    const results = lines(read("r.jsonl")).map((line) => JSON.parse(line));
    expect(results).toHaveLength(8);
    for (const result of results)
      expect(result).toMatchObject({
        id: expect.stringMatching(/^CU0[27]$/),
        kernel: os.release(),
        ms: expect.any(Number),
      });
    expect(new Set(results.map((result) => `${result.driver} ${result.filesystem}`)).size).toBe(4);
  });

  test("TAP, JUnit and the page tell the same", () => {
    expect(read("r.tap")).toMatch(/^TAP version 14\nok 1 - overlay2 on ext4 CU02 .*1\.\.8\n$/s);
    expect(read("r.xml").match(/<testsuite /g)).toHaveLength(4);
    expect(read("r.html").match(/<td class=deviates>/g)).toHaveLength(2);
  });
});

describe("conform --format without a file is all there is on stdout", () => {
  test.each([
    ["tap", /^TAP version 14\nok 1 - plain-copy on ext4 CU02 .*\n1\.\.1\n$/s],
    ["junit", /^<\?xml .*<\/testsuites>\n$/s],
    ["html", /^<!doctype html>.*<\/html>\n$/s],
    ["jsonl", /^\{"driver":"plain-copy","filesystem":"ext4",[^\n]*\}\n$/],
  ])("%s", (format, wanted) => {
    const { status, stdout } = copyup(["conform", "plain-copy", "--only", "CU02", "--format", format]);
    expect(status).toBe(0);
    expect(stdout).toMatch(wanted);
  });
});

test("conform --results goes on, and report puts what is there on a page", () => {
  const dir = temporaryDirectory();
  const results = path.join(dir, "results");
  const conform = (...more: string[]) =>
    copyup(["conform", "plain-copy", "--only", "CU02", "--fs", "tmpfs", "--results", results, ...more]);
  expect(conform().status).toBe(0);
  const [file] = readdirSync(results);
  expect(file).toBe(`${os.release()}-${process.arch}-tmpfs-plain-copy.json`);
  const written = statSync(path.join(results, file!)).mtimeMs;
  expect(conform().stdout).toContain("1 results were there already");
  expect(statSync(path.join(results, file!)).mtimeMs).toBe(written);
  expect(conform("--fresh").stdout).not.toContain("already");
  const page = path.join(dir, "all.html");
  const { status, stdout } = copyup(["report", results, "--out", page]);
  expect(status).toBe(0);
  expect(lines(stdout).at(-1)).toBe("1 passed, 0 deviating as declared, 0 failed, 0 skipped");
  expect(readFileSync(page, "utf8")).toContain('<tbody class="check" data-f="CU" id="CU02">');
});

test("a filesystem that cannot be made is skipped with the reason, exit 3; required, it fails", () => {
  const main = path.resolve(import.meta.dirname, "../dist/main.cjs");
  const inUserNamespace = (...args: string[]) =>
    spawnSync(
      "unshare",
      ["-Ur", process.execPath, main, "conform", "plain-copy", "--only", "CU02", "--fs", "xfs", ...args],
      {
        encoding: "utf8",
      },
    );
  const skipped = inUserNamespace();
  expect(skipped.status).toBe(3);
  expect(skipped.stdout).toContain("xfs was not made: that needs root in the initial user namespace");
  expect(lines(skipped.stdout).at(-1)).toBe("0 passed, 0 deviating as declared, 0 failed, 1 skipped");
  const required = inUserNamespace("--require", "plain-copy");
  expect(required.status).toBe(1);
  expect(required.stdout).toContain("required, but skipped: xfs was not made");
});

test("with --keep nothing is left where nothing failed", () => {
  const work = temporaryDirectory();
  const { status } = copyup(["conform", "plain-copy", "--only", "CU02", "--fs", "ext4", "--work", work, "--keep"]);
  expect(status).toBe(0);
  expect(readdirSync(work)).toEqual([]);
});
