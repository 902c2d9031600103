import { execFileSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";

const MODULE = path.resolve(import.meta.dirname, "../../src/commands/with-small-young-generation.ts");
const MIB = 1 << 20;

/** Bytes of the young generation after a loop in which some objects are always in use, as where entries wait for the end of a slice. */
function youngGeneration(before: string): number {
  const program = `
    import { getHeapSpaceStatistics } from "node:v8";
    import { withSmallYoungGeneration } from ${JSON.stringify(pathToFileURL(MODULE).href)};
    ${before}
    let waiting = [];
    for (let entry = 0; entry < 2_000_000; entry++) {
      waiting.push({ entry, name: [entry] });
      if (waiting.length === 5000) waiting = [];
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }));
}

describe("the young generation of a command", () => {
  test("stays small whatever passes through it", () => {
    expect(youngGeneration("withSmallYoungGeneration();")).toBeLessThanOrEqual(4 * MIB);
  });

  test("would grow without, or the flag need not be set", () => {
    expect(youngGeneration("")).toBeGreaterThan(8 * MIB);
  });
});
