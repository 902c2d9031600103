import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { claimDirectory, claimName } from "../../src/transaction/claim.ts";
import { deadNames, sweepRoom } from "../../src/transaction/sweep.ts";
import { scratchForEachTest } from "../scratch.ts";

const scratch = scratchForEachTest();

describe("a claim", () => {
  it("keeps what its owner is building from the sweep", async () => {
    const room = scratch.directory("staging");
    const claim = claimDirectory(room);
    writeFileSync(`${claim.dir}/half`, "x");
    expect(deadNames(room)).toEqual([]);
    expect(await sweepRoom(room)).toMatchObject({ count: 0, left: [] });
    expect(existsSync(`${claim.dir}/half`)).toBe(true);
    await claim.discard();
    expect(readdirSync(room)).toEqual([]);
  });

  it("of a killed process is swept, with its bytes counted", async () => {
    const room = scratch.directory("staging");
    // flock -n fails if we hold it; here it is taken and given up by a process that ends.
    mkdirSync(`${room}/dead/sub`, { recursive: true });
    writeFileSync(`${room}/dead/sub/file`, Buffer.alloc(8192, 1));
    execFileSync("flock", [`${room}/dead.lock`, "true"]);
    expect(deadNames(room)).toEqual(["dead"]);
    const swept = await sweepRoom(room, { measure: true });
    expect(swept.count).toBe(1);
    expect(swept.bytes).toBeGreaterThanOrEqual(8192);
    expect(readdirSync(room)).toEqual([]);
  });

  it("sweeps a directory whose lock file is gone too", async () => {
    const room = scratch.directory("trash");
    mkdirSync(`${room}/orphan`);
    expect((await sweepRoom(room)).count).toBe(1);
    expect(readdirSync(room)).toEqual([]);
  });

  it("of a name alone leaves nothing when it is given up", () => {
    const room = scratch.directory("trash");
    const claim = claimName(room);
    expect(readdirSync(room)).toHaveLength(1);
    claim.release();
    expect(readdirSync(room)).toEqual([]);
  });
});
