import { describeDirectory } from "@copyup/linux";
import { describe, expect, it } from "vitest";
import { xattrFinding } from "../../src/probe/preconditions.ts";

describe("a filesystem without user.* xattrs", () => {
  const without = { ...describeDirectory("/dev/shm"), filesystem: "tmpfs", xattrs: { user: false, trusted: true } };

  it("is refused: what is written would show under the wrong name of a hard link group", () => {
    const finding = xattrFinding(without);
    expect(finding).toMatchObject({ ok: false, required: true });
    expect(finding.fix).toMatch(/since Linux 6\.6.*or use plain-copy/);
    expect(xattrFinding({ ...without, filesystem: "nfs" }).fix).not.toMatch(/tmpfs/);
  });

  it("is not found where they can be set", () => {
    expect(xattrFinding({ ...without, xattrs: { user: true, trusted: true } })).toMatchObject({ ok: true, fix: null });
  });
});
