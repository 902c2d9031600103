import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { imageFromFile, makeImage } from "../../src/compare/image.ts";
import { temporaryDirectory } from "../command.ts";

const list = (file: string) =>
  execFileSync("tar", ["-tf", file], { maxBuffer: 64 * 1024 * 1024 })
    .toString()
    .trimEnd()
    .split("\n");

test("the image made on the spot: four layers, with edits, deletions and a replaced directory on top", () => {
  const { layers } = makeImage(temporaryDirectory());
  expect(layers.map((file) => path.basename(file))).toEqual([
    "1-runtime.tar",
    "2-dependencies.tar",
    "3-copyup.tar",
    "4-edits.tar",
  ]);
  const [runtime, dependencies, , edits] = layers.map(list);
  expect(runtime).toEqual(expect.arrayContaining(["usr/bin/node", "usr/bin/nodejs", "dev/null", "usr/bin/as-root"]));
  const below = new Set(dependencies);
  const whiteouts = edits!.filter((name) => path.basename(name).startsWith(".wh.") && !name.endsWith(".wh..wh..opq"));
  expect(whiteouts.length).toBeGreaterThan(10);
  for (const name of whiteouts) expect(below).toContain(name.replace("/.wh.", "/"));
  expect(edits!.filter((name) => name.endsWith(".wh..wh..opq"))).toHaveLength(1);
});

test("an image that cannot be read is refused before anything is done", () => {
  expect(() => imageFromFile("/no/such/image.tar")).toThrow(expect.objectContaining({ code: "IO", errno: "ENOENT" }));
  expect(() => imageFromFile(temporaryDirectory())).toThrow(expect.objectContaining({ code: "IO", errno: "EISDIR" }));
});
