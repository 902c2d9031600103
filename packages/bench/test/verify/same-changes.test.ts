import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { snapshotTree } from "@copyup/conformance";
import { afterAll, expect, test } from "vitest";
import { changesBetween, requireSameChanges } from "../../src/verify/same-changes.ts";
import { requireSameTree } from "../../src/verify/same-tree.ts";

const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-verify-"));
afterAll(() => rmSync(dir, { recursive: true }));

function tree(name: string, files: Record<string, string>) {
  for (const [file, content] of Object.entries(files)) {
    const at = path.join(dir, name, file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, content);
    utimesSync(at, 1_700_000_000, 1_700_000_000.25);
  }
  return snapshotTree(path.join(dir, name));
}

const before = tree("before", { "d/kept": "k", "d/edited": "old", gone: "g" });
const after = tree("after", { "d/kept": "k", "d/edited": "newer", added: "a" });
const right = new Map([
  ["added", "add"],
  ["d", "modify"],
  ["d/edited", "modify"],
  ["gone", "delete"],
] as const);
const verdict = (found: Map<string, "add" | "modify" | "delete">) => () =>
  requireSameChanges("a program", changesBetween(before, after), found, after);

test("a list of changes is right with or without the directories that hold them", () => {
  expect(verdict(new Map(right))).not.toThrow();
  expect(verdict(new Map([...right].filter(([name]) => name !== "d")))).not.toThrow();
});

test.each([
  ["gone", undefined, "delete gone is missing"],
  ["d/kept", "modify", "modify d/kept is told"],
  ["added", "modify", "add added is missing"],
] as const)("%s told as %s is found out", (name, kind, said) => {
  const found = new Map<string, "add" | "modify" | "delete">(right);
  if (kind) found.set(name, kind);
  else found.delete(name);
  expect(verdict(found)).toThrow(said);
});

test("a tree that differs is found out, but for what a program is known to leave out", () => {
  expect(() => requireSameTree("a program", before, after)).toThrow("did not reach the same result");
  expect(() => requireSameTree("a program", before, before)).not.toThrow();
  const cut = new Map([...before].map(([name, entry]) => [name, { ...entry, mtimeNs: entry.mtimeNs - 250_000_000n }]));
  expect(() => requireSameTree("a program", before, cut)).toThrow("mtime");
  expect(() => requireSameTree("a program", before, cut, ["parts of a second", "times of directories"])).not.toThrow();
});
