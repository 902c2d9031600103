import { expect, it } from "vitest";
import { layerWith, openAt, refusal } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

it("labels are set, replaced and removed, on committed layers too", async () => {
  await using store = await openAt(scratch);
  const { id } = await layerWith(store, null, {});
  await store.setLabels(id, { a: "1", b: "2" });
  expect((await store.setLabels(id, { a: null, b: "3", c: "4" })).labels).toEqual({ b: "3", c: "4" });
  expect((await store.get(id)).labels).toEqual({ b: "3", c: "4" });
});

it("labels set at once by many are all kept", async () => {
  await using store = await openAt(scratch);
  const { id } = await layerWith(store, null, {});
  await Promise.all(Array.from({ length: 20 }, (_, n) => store.setLabels(id, { [`k${n}`]: "v" })));
  expect(Object.keys((await store.get(id)).labels)).toHaveLength(20);
});

it("bad labels change nothing", async () => {
  await using store = await openAt(scratch);
  const { id } = await layerWith(store, null, {});
  expect(await refusal(store.setLabels(id, { good: "x", "": "y" }))).toMatchObject({ code: "BAD_OPTION" });
  expect((await store.get(id)).labels).toEqual({});
});
