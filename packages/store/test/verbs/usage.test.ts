import { linkSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { openAt, plant, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

it("counts allocated bytes and inodes, hard links once", async () => {
  await using store = await openAt(scratch);
  const active = await store.prepare();
  const { dir } = store.access(active.layer);
  plant(dir, { "d/f": "x".repeat(100_000) });
  linkSync(path.join(dir, "d/f"), path.join(dir, "d/g"));
  const { bytes, inodes } = await store.usage(active.id);
  expect(inodes).toBe(3);
  expect(bytes).toBeGreaterThanOrEqual(100_000);
  expect(bytes).toBeLessThan(200_000);
});

it("of an unknown layer is NOT_FOUND", async () => {
  await using store = await openAt(scratch);
  expect(await refusal(store.usage("nobody"))).toMatchObject({ code: "NOT_FOUND" });
});
