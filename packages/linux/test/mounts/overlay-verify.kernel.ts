import { overlayOptions } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { AT_FDCWD, cstring, libc, mountAt, O_PATH, openAt, pin, unmount, withFd } from "../../src/index.ts";
import { checkLowers, checkOverlay } from "../../src/mounts/overlay-verify.ts";
import { scratchForEachTest } from "../scratch.ts";
import { makeLayers } from "./layers.ts";

const scratch = scratchForEachTest();

describe("an overlay that the kernel cut", () => {
  it("is found out by counting its lowers", () => {
    // 127 lowers whose names end just on the page's edge: the kernel mounts fewer, and says nothing.
    const names = Array.from(
      { length: 127 },
      (_, i) => `${scratch.path}/${String(i).padStart(31 - scratch.path.length, "0")}`,
    );
    const step = { ...makeLayers(names, scratch.path), upper: null, work: null, options: [] };
    const options = overlayOptions(step);
    expect([names[0]?.length, options.length]).toEqual([32, 9 + 127 * 33 - 1]);
    const target = scratch.directory("t");
    const data = pin(8192);
    // 4,095 bytes hold `lowerdir=`, 123 whole names and most of a colon-separated next one.
    data.buffer.write(options.slice(0, 9 + 123 * 33 - 1));
    expect(libc.mount(cstring("overlay"), cstring(target), cstring("overlay"), 0, data.ptr)).toBe(0);
    const id = mountAt(target)!.id;
    expect(() => checkLowers(id, step, target)).toThrow(
      expect.objectContaining({
        code: "MOUNT_MISMATCH",
        message: expect.stringContaining("has 123 lower directories and was to have 127"),
      }),
    );
    checkLowers(id, { ...step, lowers: names.slice(0, 123) }, target);
    withFd(openAt(AT_FDCWD, target, O_PATH), (fd) => checkOverlay(fd, step, target));
    unmount(target);
    expect(() => checkLowers(id, step, target)).toThrow("mountinfo does not show");
  });

  it("is not taken for another filesystem", () => {
    const step = makeLayers([`${scratch.path}/0`], scratch.path);
    withFd(openAt(AT_FDCWD, scratch.path, O_PATH), (fd) => {
      expect(() => checkOverlay(fd, step, scratch.path)).toThrow(
        "there is no overlay but a filesystem of type 0x1021994",
      );
    });
  });
});
