import { readdirSync, rmSync } from "node:fs";
import { isStorageError } from "@copyup/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyChain, anyLayer } from "./any-chain.ts";
import { applyChain, DIALECTS, viewOf } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import type { TestEntry } from "./tar-of.ts";

const scratch = scratchOnExt4();
/** Set it to look harder. */
const RUNS = Number(process.env.COPYUP_RUNS ?? 100);

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
    fc.asyncProperty(anyChain, async (layers) => {
      const expected = await outcome("tree", layers);
      if ("view" in expected) views++;
      for (const dialect of DIALECTS.slice(1)) expect(await outcome(dialect, layers), dialect).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
  expect(views, "chains that were not refused").toBeGreaterThan(RUNS / 5);
});

/**
 * A directory that the archive makes a file and then a directory again forgets the marks inside it that stood before: then
 * their place matters, and no archiver writes such a thing.
 */
function replacesMarked(entries: readonly TestEntry[]): boolean {
  const marks = entries.map(({ path }) => `${path}`).filter((path) => path.includes(".wh."));
  return entries.some(
    ({ path, type = "file" }) =>
      type !== "directory" &&
      marks.some((mark) => mark !== `${path}/.wh..wh..opq` && mark.startsWith(`${path}/`)) &&
      !`${path}`.includes(".wh."),
  );
}

/** Found once: the opaque marker of a name that the archive makes a file and then a directory. */
const REPLACED: [TestEntry[][], TestEntry[]] = [
  [[{ path: "d/x", data: "below" }]],
  [{ path: "d", data: "file" }, { path: "d", type: "directory", mode: 0o755 }, { path: "d/.wh..wh..opq" }],
];

test("whiteouts mean the same wherever they stand", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyChain, anyLayer, async (below, top) => {
      fc.pre(!replacesMarked(top));
      const [one, other] = [
        await outcome("tree", [...below, top]),
        await outcome("tree", [...below, whiteoutsFirst(top)]),
      ];
      if ("view" in one && "view" in other) expect(other).toEqual(one);
    }),
    { numRuns: RUNS, examples: [REPLACED] },
  );
});
