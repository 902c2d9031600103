import { afterEach, expect, it, vi } from "vitest";
import { RecordCache } from "../../src/graph/record-cache.ts";
import { layerWith, openAt, tarOf } from "../ground.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();
afterEach(() => void vi.restoreAllMocks());

/** A store of 100,000 layers must not be slower to find one in, to add to, or to take a container from. */
it("finding, adding and removing a container look at the records of their own chain alone", async () => {
  const tar = tarOf(scratch, { f: "x" });
  await using store = await openAt(scratch);
  const base = await layerWith(store, null, { f: "x" });
  for (let i = 0; i < 5; i++) await layerWith(store, null, { f: `${i}` });
  // The real ones, watched.
  const looks = [vi.spyOn(RecordCache.prototype, "read"), vi.spyOn(RecordCache.prototype, "readAgain")];
  const lookedAt = () => new Set(looks.flatMap(({ mock }) => mock.calls.map(([id]) => id)));

  await store.get(base.id);
  const container = await store.prepare({ parent: base.id });
  const applied = await store.apply([tar], { parent: base.id });
  const committed = await (await store.prepare({ parent: base.id })).commit();
  await store.setLabels(committed.id, { name: "n" });
  await store.remove(container.id);
  const own = [base.id, container.id, applied.layer.id, committed.id];
  expect([...lookedAt()].filter((id) => !own.includes(id))).toEqual([]);

  await store.remove(committed.id);
  expect(lookedAt().size).toBeGreaterThan(own.length);
});
