import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signsOfLife } from "../../src/suite/signs-of-life.ts";

/** Stands as a system call does that takes long: no timer of this thread runs. */
function stand(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("signs of life", () => {
  let directory: string;
  let fd: number;
  const lines = () => readFileSync(join(directory, "lines"), "utf8").split("\n").filter(Boolean);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "copyup-signs-"));
    fd = openSync(join(directory, "lines"), "w");
  });

  afterEach(() => {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  });

  it("names a check that works long although the main thread is never free", async () => {
    using life = signsOfLife(true, { everyMs: 100, fd });
    // The thread starts while this one is free.
    await new Promise((resolve) => setTimeout(resolve, 500));
    life.began("overlay2 CU12");
    work(1500);
    life.ended();
    expect(lines().length).toBeGreaterThan(0);
    expect(lines()[0]).toMatch(/^overlay2 CU12 goes on after \d+ s: since the last look \d+\.\d s of processor time/);
  });

  it("says nothing of one that only stands", async () => {
    // Of a tick that is long enough for what the test's own runner does meanwhile.
    using life = signsOfLife(true, { everyMs: 2000, fd });
    await new Promise((resolve) => setTimeout(resolve, 500));
    life.began("overlay2 CU12");
    stand(4500);
    expect(lines()).toEqual([]);
    life.ended();
  });

  it("says nothing between checks, nor of what ended in time", async () => {
    using life = signsOfLife(true, { everyMs: 300, fd });
    await new Promise((resolve) => setTimeout(resolve, 500));
    life.began("overlay2 CU01");
    life.ended();
    work(900);
    expect(lines()).toEqual([]);
  });
});
