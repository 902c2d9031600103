import { expect, test } from "vitest";
import { DIRECTORY, DirectoryTable, ROOT, WHITEOUT } from "../../../src/tree/extract/directory-table.ts";

function add(table: DirectoryTable, parent: number, name: string, flags = DIRECTORY): number {
  return table.add(parent, Buffer.from(name), 0, name.length, flags);
}

function find(table: DirectoryTable, parent: number, name: string): number {
  return table.find(parent, Buffer.from(name), 0, name.length);
}

test("names are found in their directory, through any growth", () => {
  const table = new DirectoryTable(1_000_000, 4095);
  const ids = new Map<string, number>();
  for (let d = 0; d < 100; d++) {
    const directory = add(table, ROOT, `d${d}`);
    for (let i = 0; i < 100; i++) ids.set(`d${d}/${i}`, add(table, directory, `${i}`));
  }
  for (const [path, id] of ids) {
    const [directory = "", name = ""] = path.split("/");
    expect(find(table, find(table, ROOT, directory), name)).toBe(id);
    expect(table.path(id).toString()).toBe(path);
  }
  expect(find(table, ROOT, "55")).toBe(-1);
});

test("a detached name is free, and what was in it unreachable by name", () => {
  const table = new DirectoryTable(1000, 4095);
  const old = add(table, ROOT, "d");
  add(table, old, "child");
  table.detach(old);
  expect(find(table, ROOT, "d")).toBe(-1);
  const fresh = add(table, ROOT, "d", WHITEOUT);
  expect(find(table, ROOT, "d")).toBe(fresh);
  expect(find(table, fresh, "child")).toBe(-1);
  for (let i = 0; i < 500; i++) add(table, ROOT, `n${i}`);
  expect(find(table, ROOT, "d")).toBe(fresh);
});

test("a name replaced again and again takes no longer each time", () => {
  const table = new DirectoryTable(1_000_000, 4095);
  for (let i = 0; i < 20_000; i++) add(table, ROOT, `n${i}`);
  const started = performance.now();
  for (let i = 0; i < 20_000; i++) table.detach(add(table, ROOT, "again"));
  expect(performance.now() - started).toBeLessThan(2000);
});

test("a directory takes less than 200 bytes of memory", () => {
  const before = process.memoryUsage();
  const table = new DirectoryTable(1_000_000, 4095);
  const count = 200_000;
  for (let i = 0; i < count; i++) add(table, i >> 4, `a-usual-name-${i}`);
  const after = process.memoryUsage();
  expect(table.count).toBe(count + 1);
  expect((after.arrayBuffers - before.arrayBuffers) / count).toBeLessThan(200);
});

test("paths and numbers of directories are limited", () => {
  const table = new DirectoryTable(3, 5);
  const a = add(table, ROOT, "aa");
  expect(() => add(table, a, "aaa")).toThrow(/5 bytes/);
  add(table, a, "aa");
  add(table, ROOT, "b");
  expect(() => add(table, ROOT, "c")).toThrow(/more than 3/);
});
