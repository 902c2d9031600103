import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSuite } from "../src/run/run-suite.ts";
import { type LoopImage, mountLoopImage } from "../src/scratch/index.ts";
import { brokenCopies } from "./broken/copy-drivers.ts";
import { brokenByOthers } from "./broken/foreign-marks.ts";
import { brokenWhereLarge } from "./broken/large-trees.ts";
import { brokenOverlays } from "./broken/overlay-drivers.ts";
import { brokenAsTheField } from "./broken/pain-drivers.ts";

/** Random programs on a sound driver: its own conformance test runs all of them. */
const SOUND_RUNS = 25;
let directory: string;
let image: LoopImage;

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "copyup-broken-"));
  const target = mkdtempSync(path.join(directory, "mnt-"));
  image = mountLoopImage({ file: path.join(directory, "image"), sizeBytes: 2 ** 31, filesystem: "ext4", target });
});
afterAll(async () => {
  image.close();
  await removeTree(directory);
});

describe.each([...brokenOverlays, ...brokenByOthers, ...brokenCopies, ...brokenAsTheField, ...brokenWhereLarge])(
  "$from.name, but $fault",
  ({ module, from, caughtBy, reason }) => {
    const run = (driver: typeof module, runs?: number) =>
      runSuite({ drivers: [driver], work: image.target, only: caughtBy, seed: 1, runs });

    test(`is caught by ${caughtBy.join(", ")}`, async () => {
      for (const result of await run(module)) {
        expect(result, result.id).toMatchObject({ status: "fail" });
        if (reason) expect(result.reason).toMatch(reason);
      }
    });

    test(`without the fault ${caughtBy.join(", ")} pass`, async () => {
      for (const result of await run(from, SOUND_RUNS))
        expect(["pass", "deviates"], `${result.id}: ${result.reason}`).toContain(result.status);
    });
  },
);
