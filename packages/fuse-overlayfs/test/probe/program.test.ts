import { describe, expect, it } from "vitest";
import { parseVersion } from "../../src/probe/program.ts";

describe("the program's version", () => {
  it("stands among those of libfuse", () => {
    const said =
      "fusermount3 version: 3.14.0\nfuse-overlayfs: version 1.10\nFUSE library version 3.14.0\nusing FUSE kernel interface version 7.31\n";
    expect(parseVersion(said)).toBe("1.10");
    expect(parseVersion("fuse-overlayfs: version 1.13.1")).toBe("1.13.1");
    expect(parseVersion("fuse-overlayfs: command not found")).toBeNull();
  });
});
