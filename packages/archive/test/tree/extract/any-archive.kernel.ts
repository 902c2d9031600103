import { readdirSync, rmSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyChain, DIALECTS, viewOf } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import type { TestEntry } from "./tar-of.ts";

const scratch = scratchOnExt4();
/** Set it to look harder. */
const RUNS = Number(process.env.COPYUP_RUNS ?? 100);

/** Few names, so that entries meet: as parents, targets, duplicates and whiteouts of one another. */
const directory = fc.constantFrom("d", "e");
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom("x", "y", "z") }, { weight: 1, arbitrary: directory });
const parent = fc.array(directory, { maxLength: 2 }).map((names) => names.join("/"));
const join = (at: string, leaf: string) => (at === "" ? leaf : `${at}/${leaf}`);
const path = fc.tuple(parent, name).map(([at, leaf]) => join(at, leaf));
const linkText = fc.oneof(
  parent.map((at) => `/${at}`),
  parent.map((at) => `../${at}`),
  path,
  fc.constantFrom(".", "..", "/", "d/../e"),
);
const attributes = fc.record({
  mode: fc.constantFrom(0o755, 0o700, 0o4711, 0o2775),
  uid: fc.constantFrom(0, 5),
  mtimeSec: fc.constantFrom(1, 2_000_000_000),
});

const entry: fc.Arbitrary<TestEntry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(path, attributes, fc.nat(9))
      .map(([p, a, n]) => ({ path: p, data: `content ${n} of ${p}`, ...a })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(parent, directory, attributes)
      .map(([at, leaf, a]) => ({ path: join(at, leaf), type: "directory" as const, ...a })),
  },
  { weight: 2, arbitrary: fc.tuple(path, linkText).map(([p, link]) => ({ path: p, type: "symlink" as const, link })) },
  { weight: 1, arbitrary: fc.tuple(path, path).map(([p, link]) => ({ path: p, type: "hardlink" as const, link })) },
  { weight: 1, arbitrary: path.map((p) => ({ path: p, type: "fifo" as const })) },
  { weight: 3, arbitrary: fc.tuple(parent, name).map(([p, n]) => ({ path: join(p, `.wh.${n}`) })) },
  { weight: 1, arbitrary: parent.map((p) => ({ path: join(p, ".wh..wh..opq") })) },
  { weight: 1, arbitrary: attributes.map((a) => ({ path: "", type: "directory" as const, ...a })) },
);
const layer = fc.array(entry, { maxLength: 12 });
const chain = fc.array(layer, { minLength: 1, maxLength: 3 });

async function outcome(dialect: (typeof DIALECTS)[number], layers: readonly TestEntry[][]) {
  try {
    return { view: await viewOf(scratch, await applyChain(scratch.path, dialect, layers)) };
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return { refused: `${error.code}: ${error.message}` };
  } finally {
    for (const left of readdirSync(scratch.path)) rmSync(`${scratch.path}/${left}`, { recursive: true });
  }
}

/** The last layer's entries of one kind each way round: whiteouts and opaque markers mean the same wherever they stand. */
function whiteoutsFirst(entries: readonly TestEntry[]): TestEntry[] {
  const isMark = ({ path }: TestEntry) => path.includes(".wh.");
  return [...entries.filter(isMark), ...entries.filter((entry) => !isMark(entry))];
}

test("any chain of archives gives one view, or one refusal, in every dialect", { timeout: 600_000 }, async () => {
  let views = 0;
  await fc.assert(
    fc.asyncProperty(chain, async (layers) => {
      const expected = await outcome("tree", layers);
      if ("view" in expected) views++;
      for (const dialect of DIALECTS.slice(1)) expect(await outcome(dialect, layers), dialect).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
  expect(views, "chains that were not refused").toBeGreaterThan(RUNS / 5);
});

test("whiteouts mean the same wherever they stand", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(chain, layer, async (below, top) => {
      const [one, other] = [
        await outcome("tree", [...below, top]),
        await outcome("tree", [...below, whiteoutsFirst(top)]),
      ];
      if ("view" in one && "view" in other) expect(other).toEqual(one);
    }),
    { numRuns: RUNS },
  );
});
