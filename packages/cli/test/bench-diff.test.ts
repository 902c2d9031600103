import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { copyup, temporaryDirectory } from "./command.ts";

/** Real runs: one, and one in which overlay2's mounts were made slow. */
const results = path.resolve(import.meta.dirname, "../../bench/test/results");
const [first, slower] = ["first.json", "slower-mounts.json"].map((file) => path.join(results, file)) as [
  string,
  string,
];

test("bench diff tells what got slower, against what, and fails only if asked to", () => {
  const { status, stdout } = copyup(["bench", "diff", first, slower]);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /Worse beyond the noise:\n.*\n +mount-10 +overlay2 +CPU time against C +109 ms +440 ms +4\.31/,
  );
  expect(copyup(["bench", "diff", first, slower, "--fail"]).status).toBe(1);
  const same = copyup(["bench", "diff", first, first, "--fail"]);
  expect([same.status, same.stdout.includes("12 of 12 figures of copyup's are within the noise")]).toEqual([0, true]);
});

test("results may be called anything that no workload is called", () => {
  const cwd = temporaryDirectory();
  for (const [from, to] of [
    [first, "before"],
    [slower, "after"],
  ] as const)
    copyFileSync(from, path.join(cwd, to));
  expect(copyup(["bench", "diff", "before", "after"], { cwd }).stdout).toMatch(
    /^before: before, .*\nafter: {2}after, /,
  );
  const neither = copyup(["bench", "diff", "before", "afterwards"], { cwd });
  expect([neither.status, neither.stderr]).toEqual([1, expect.stringContaining("cannot read afterwards: ENOENT")]);
});

test("the same as JSON", () => {
  const { status, stdout } = copyup(["--json", "bench", "diff", first, slower]);
  const { type, differences } = JSON.parse(stdout);
  expect([status, type]).toEqual([0, "copyup-bench-diff"]);
  expect(differences[1]).toMatchObject({
    workload: "mount-10",
    contestant: "overlay2",
    against: "C",
    verdict: "worse",
  });
});

const result = (change: object) => {
  const file = path.join(temporaryDirectory(), "other.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(first, "utf8")), ...change }));
  return file;
};

test.each([
  ["one file", () => [first], "BAD_OPTION: diff compares two results, not 1", "bench diff BEFORE.json AFTER.json"],
  [
    "no result",
    () => [first, path.resolve(results, "../../package.json")],
    "BAD_OPTION",
    "what `copyup bench --out FILE` wrote",
  ],
  ["no JSON", () => [first, import.meta.filename], "is no result of `copyup bench`", "--out FILE"],
  [
    "another format",
    () => [first, result({ format: 2 })],
    "is a result of format 2; this copyup reads format 1",
    "measure again",
  ],
  ["another scale", () => [first, result({ scale: 1 })], "BAD_OPTION", "measure again with --scale 0.02"],
  ["nothing common", () => [first, result({ workloads: [] })], "no workload in common", "mount-10"],
  [
    "no such file",
    () => [first, "/no/such.json"],
    "IO: cannot read /no/such.json: ENOENT",
    "`copyup bench --out FILE`",
  ],
])("%s is refused with what to do", (_, files, message, hint) => {
  const { status, stdout, stderr } = copyup(["bench", "diff", ...files()]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});
