import { mkdtempSync, rmdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadDriver } from "@copyup/runtime";
import { expect, onTestFinished, test } from "vitest";
import { FullStore } from "../../src/workloads/stored/full-store.ts";
import { tinyBench, tookPart } from "../tiny-bench.ts";

test("listing, finding, adding and removing are asked of a store of every size", async () => {
  const names = ["list", "find", "add", "remove"].map((verb) => `${verb}-by-stored`);
  const results = await tinyBench(names);
  expect(results.map(({ workload }) => workload)).toEqual(names.flatMap((name) => [`${name}-5`, `${name}-20`]));
  const part = tookPart(results);
  expect(part["list-by-stored-20"]).toEqual(["find and cat", "overlay2", "overlay2, again", "copyup layer ls"]);
  expect(part["remove-by-stored-20"]).toEqual(["overlay2, a container's", "overlay2, committed"]);
}, 240_000);

test("a full store is one that the store itself finds nothing wrong with", async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-full-"));
  onTestFinished(() => rmdirSync(dir));
  const full = new FullStore(path.join(dir, "store"), await loadDriver("plain-copy"));
  await full.growTo(25);
  {
    await using store = await full.open();
    const { layers, problems } = await store.check();
    expect([layers, problems]).toEqual([25, []]);
    const chains = await Promise.all(full.ids.map((id) => store.chain(id)));
    expect(chains.map(({ length }) => length)).toEqual(full.ids.map((_, i) => (i % 10) + 1));
    const listed = await store.list();
    expect(listed.map(({ id }) => id)).toEqual(full.ids);
    expect(new Set(listed.map(({ chainId }) => chainId)).size).toBe(10);
  }
  await full.remove();
});
