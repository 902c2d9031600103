import { linkSync, lstatSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openAt, plant, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("importTree", () => {
  it("makes a committed base of a directory", async () => {
    await using store = await openAt(scratch);
    const source = scratch.directory("source");
    plant(source, { "d/f": "content" });
    linkSync(path.join(source, "d/f"), path.join(source, "link"));
    symlinkSync("d/f", path.join(source, "symlink"));
    const { layer, entries, bytes, lost } = await store.importTree(source, { labels: { from: "here" } });
    expect(layer).toMatchObject({ state: "committed", parent: null, labels: { from: "here" } });
    expect({ entries, bytes, lost }).toEqual({ entries: 4, bytes: 7, lost: {} });
    const { dir } = store.access(layer);
    expect(lstatSync(path.join(dir, "link")).ino).toBe(lstatSync(path.join(dir, "d/f")).ino);
    expect(lstatSync(path.join(dir, "d")).mtimeMs).toBe(lstatSync(path.join(source, "d")).mtimeMs);
    expect((await store.check()).problems).toEqual([]);
  });

  it.each([
    ["missing", "nowhere"],
    ["a file", "file"],
    ["what holds the store", "."],
  ])("of %s is BAD_OPTION", async (_, name) => {
    await using store = await openAt(scratch);
    writeFileSync(path.join(scratch.path, "file"), "");
    expect(await refusal(store.importTree(path.join(scratch.path, name)))).toMatchObject({
      code: "BAD_OPTION",
      path: expect.any(String),
    });
    expect(await store.list()).toEqual([]);
  });
});
