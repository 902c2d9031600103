import { readlinkSync, rmSync } from "node:fs";
import { overlayOptions } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { carryOut, OVERLAY_RUNGS } from "../../src/index.ts";
import { scratchForEachTest } from "../scratch.ts";
import { makeLayers, mountAndLook } from "./layers.ts";

const scratch = scratchForEachTest();

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${scratch.path}/${i}`);
}

describe.each(OVERLAY_RUNGS)("the rung of %s", (rung) => {
  it.each([1, 2, 10, 128])("mounts %i lowers", (count) => {
    const step = makeLayers(numbered(count), scratch.path);
    expect(mountAndLook(step, scratch.directory("t"), { rung }).how).toBe(rung);
  });

  it.runIf(rung !== "options")("mounts 500 lowers", () => {
    mountAndLook(makeLayers(numbered(500), scratch.path), scratch.directory("t"), { rung });
  });

  it.runIf(rung === "options")("refuses 500 lowers, which the kernel would cut", () => {
    const step = makeLayers(numbered(500), scratch.path);
    expect(() => mountAndLook(step, scratch.directory("t"), { rung })).toThrow(RangeError);
  });

  it("refuses 501 lowers before the kernel does", () => {
    const step = { ...makeLayers([], scratch.path), lowers: numbered(501) };
    expect(() => carryOut({ steps: [step] }, scratch.directory("t"), { rung })).toThrow(
      expect.objectContaining({ code: "TOO_MANY_LAYERS" }),
    );
  });

  it.each([
    ["a colon", "a:b"],
    ["a comma", "a,b"],
    ["a backslash", "a\\b"],
    ["a backslash before a colon", "a\\:b\\"],
    ["a backslash before a comma", "a\\,b"],
    ["spaces", " a b "],
    ["a newline and a tab", "a\nb\tc"],
    ["UTF-8", "žluťoučký 層"],
    ["quotes, a hash and an equals sign", `a"b'c#d=e`],
    ["an option's look", "x,upperdir=y"],
    ["255 bytes", "n".repeat(255)],
  ])("takes paths with %s", (_, name) => {
    const lowers = [0, 1, 2].map((i) => `${scratch.path}/${name}/${i}`);
    const step = makeLayers(lowers, `${scratch.path}/${name}`);
    mountAndLook(step, scratch.directory("t"), { rung });
  });

  it("keeps the working directory, also a removed one", () => {
    const before = process.cwd();
    const gone = scratch.directory("gone");
    try {
      process.chdir(gone);
      rmSync(gone, { recursive: true });
      const step = makeLayers(numbered(rung === "options" ? 10 : 300), scratch.path);
      mountAndLook(step, scratch.directory("t"), { rung });
      expect(readlinkSync("/proc/self/cwd")).toBe(`${gone} (deleted)`);
    } finally {
      process.chdir(before);
    }
  });
});

describe("paths of 3,700 bytes", () => {
  const deep = (base: string) => `${base}/${Array.from({ length: 18 }, () => "d".repeat(200)).join("/")}`;

  it.each(["descriptors", "strings", "numbers"] as const)("are taken as %s", (rung) => {
    const base = deep(scratch.path);
    const step = makeLayers([`${base}/0`, `${base}/1`], base);
    expect(step.upper!.length).toBeGreaterThan(3600);
    mountAndLook(step, scratch.directory("t"), { rung });
  });

  it("are taken without being asked how", () => {
    const base = deep(scratch.path);
    mountAndLook(makeLayers([`${base}/0`, `${base}/1`], base), scratch.directory("t"));
  });
});

describe("35 layers at the end of mount(2)'s page", () => {
  /** Lowers whose names are padded so that the option string has exactly that many bytes. */
  function layersFilling(bytes: number) {
    const named = (pad: number, last: number) =>
      Array.from({ length: 35 }, (_, i) => `${scratch.path}/${i}-${"x".repeat(i === 34 ? last : pad)}`);
    const length = (lowers: string[]) => overlayOptions({ ...makeLayers([], scratch.path), lowers }).length;
    const pad = Math.floor((bytes - length(named(0, 0))) / 35);
    const lowers = named(pad, pad + bytes - length(named(pad, pad)));
    expect(length(lowers)).toBe(bytes);
    return makeLayers(lowers, scratch.path);
  }

  it.each(OVERLAY_RUNGS)("4,095 bytes mount all 35 as %s", (rung) => {
    mountAndLook(layersFilling(4095), scratch.directory("t"), { rung });
  });

  it.each(["descriptors", "strings", "numbers"] as const)("4,096 bytes mount all 35 as %s", (rung) => {
    mountAndLook(layersFilling(4096), scratch.directory("t"), { rung });
  });

  it("4,096 bytes of options never reach the kernel", () => {
    const step = layersFilling(4096);
    expect(() => mountAndLook(step, scratch.directory("t"), { rung: "options" })).toThrow("would be cut at 4095");
  });
});
