import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { makeImage } from "../../src/compare/image.ts";
import { imageFromFile } from "../../src/compare/image-from-file.ts";
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

const refusal = (file: string) =>
  imageFromFile(file).then(
    () => null,
    (error) => error,
  );

test("an image that cannot be read is refused before anything is done", async () => {
  expect(await refusal("/no/such/image.tar")).toMatchObject({ code: "IO", errno: "ENOENT" });
  expect(await refusal(temporaryDirectory())).toMatchObject({ code: "IO", errno: "EISDIR" });
});

test.each([
  ["a text", Buffer.from("root:x:0:0:root:/root:/bin/sh\n".repeat(50))],
  ["an empty file", Buffer.alloc(0)],
  ["a compressed text", gzipSync("a text".repeat(500))],
  ["half a gzip", gzipSync("a text".repeat(500)).subarray(0, 20)],
])("%s is no image, and that is told at once", async (_, content) => {
  const file = path.join(temporaryDirectory(), "image.tar");
  writeFileSync(file, content);
  expect(await refusal(file)).toMatchObject({
    code: "BAD_ARCHIVE",
    path: file,
    message: expect.stringContaining(`${file} is no image`),
    hint: expect.stringContaining("docker export"),
  });
});

test("a tar is one, compressed or not", async () => {
  const dir = temporaryDirectory();
  writeFileSync(path.join(dir, "etc"), "content");
  const plain = path.join(dir, "image.tar");
  execFileSync("tar", ["-cf", plain, "-C", dir, "etc"]);
  const packed = path.join(dir, "image.tgz");
  writeFileSync(packed, gzipSync(readFileSync(plain)));
  expect(await refusal(plain)).toBeNull();
  expect(await imageFromFile(packed)).toEqual({ layers: [packed], description: "the root filesystem image.tgz" });
});
