import { describe, expect, it } from "vitest";
import { countLowers } from "../../src/mounts/overlay-verify.ts";

/** Options as kernels show them in mountinfo. */
describe("countLowers", () => {
  it.each([
    ["one", "rw,lowerdir=/l0,upperdir=/u,workdir=/w", 1],
    ["a list", "ro,lowerdir=21:22:23,redirect_dir=on", 3],
    ["one key a lower, 6.8", "rw,lowerdir+=/s/l0,lowerdir+=/s/l1,upperdir=/s/u,workdir=/s/w,uuid=on", 2],
    ["escaped colons and commas", "rw,lowerdir=/s/a\\134:b:/s/c\\134\\054d:/s/e,upperdir=/s/u", 3],
    ["escaped backslashes", "rw,lowerdir=/s/e\\134\\134f:/s/g\\134\\134:/s/h,upperdir=/s/u", 3],
    ["blanks and newlines", "rw,lowerdir=/s/g\\040h:/s/i\\012j", 2],
    ["a colon in the upper", "rw,lowerdir=/l,upperdir=/u:v", 1],
    ["none", "rw,upperdir=/u", 0],
  ])("%s", (_, options, count) => {
    expect(countLowers(options)).toBe(count);
  });
});
