import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { type LoopImage, mountLoopImage, sameBytesOfPrograms } from "@copyup/conformance";
import { openStore } from "@copyup/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drivers } from "../src/drivers.ts";

const RUNS = 60;
let directory: string;
let image: LoopImage;

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "copyup-same-bytes-"));
  const target = mkdtempSync(path.join(directory, "mnt-"));
  image = mountLoopImage({ file: path.join(directory, "image"), sizeBytes: 2 ** 30, filesystem: "ext4", target });
});
afterAll(async () => {
  image.close();
  await removeTree(directory);
});

test("overlay2 and plain-copy export the same bytes for the same programs", async () => {
  const stores = await Promise.all(
    ["overlay2", "plain-copy"].map(async (name) => {
      const driver = await drivers.find((entry) => entry.name === name)?.load();
      if (!driver) throw new Error(`no driver ${name}`);
      return openStore({ root: path.join(image.target, name), driver, create: true });
    }),
  );
  try {
    const found = await sameBytesOfPrograms(stores, { runs: RUNS, seed: 5 });
    expect(found.difference).toBe(null);
    expect(found.layers).toBeGreaterThan(RUNS);
    // Half of them empty would prove little.
    expect(found.bytes / found.layers).toBeGreaterThan(2048);
  } finally {
    for (const store of stores) await store[Symbol.asyncDispose]();
  }
});
