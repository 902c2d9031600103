import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unmountBelow } from "../../src/leaks/mounts.ts";
import { watchForHungMounts } from "../../src/run/hung-mounts.ts";

const noDaemon = spawnSync("fuse-overlayfs", ["--version"]).error !== undefined;

describe.skipIf(noDaemon)("a FUSE mount below a check's directory", () => {
  let directory: string;
  let mounted: string;

  beforeEach(() => {
    directory = mkdtempSync("/tmp/copyup-hung-");
    const [lower, upper, work] = ["lower", "upper", "work"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    mounted = join(directory, "mounted");
    for (const made of [lower, upper, work, mounted]) mkdirSync(made);
    for (let k = 0; k < 50; k++) writeFileSync(join(lower, String(k)), "");
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    expect(spawnSync("fuse-overlayfs", ["-o", options, mounted]).status).toBe(0);
  });

  afterEach(() => {
    expect(unmountBelow(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  function daemon(): number {
    const pid = readdirSync("/proc").find((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(mounted);
      } catch {
        return false;
      }
    });
    return Number(pid);
  }

  it("is given up where its daemon does not answer, although this thread stands in the call", () => {
    using _watch = watchForHungMounts(directory, 1000);
    process.kill(daemon(), "SIGSTOP");
    expect(() => readdirSync(mounted)).toThrow(/ENOTCONN|ECONNABORTED/);
  });

  it("is left alone while it serves what takes longer than the limit", () => {
    using _watch = watchForHungMounts(directory, 1000);
    const until = performance.now() + 3500;
    while (performance.now() < until) expect(readdirSync(mounted)).toHaveLength(50);
  });
});
