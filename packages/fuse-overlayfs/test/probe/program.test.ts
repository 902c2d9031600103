import { describe, expect, it } from "vitest";
import { isBefore, parseVersion } from "../../src/probe/program.ts";

describe("the program's version", () => {
  it("stands among those of libfuse", () => {
    const said =
      "fusermount3 version: 3.14.0\nfuse-overlayfs: version 1.10\nFUSE library version 3.14.0\nusing FUSE kernel interface version 7.31\n";
    expect(parseVersion(said)).toBe("1.10");
    expect(parseVersion("fuse-overlayfs: version 1.13.1")).toBe("1.13.1");
    expect(parseVersion("fuse-overlayfs: command not found")).toBeNull();
  });

  it("is compared by numbers; an unknown one counts as new", () => {
    expect([isBefore("1.9", 1, 10), isBefore("1.10", 1, 10), isBefore("1.10", 1, 9)]).toEqual([true, false, false]);
    expect([isBefore("0.7.8", 1, 0), isBefore("2.0", 1, 99), isBefore(null, 9, 9)]).toEqual([true, false, false]);
  });
});
