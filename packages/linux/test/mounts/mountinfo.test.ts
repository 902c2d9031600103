import { describe, expect, it } from "vitest";
import { mountAt, mountsBelow, parseMountInfo, readMountInfo, unescapeMountField } from "../../src/index.ts";

describe("a line of mountinfo", () => {
  it("has optional fields before the dash", () => {
    const line = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue";
    expect(parseMountInfo(line)).toEqual({
      id: 36,
      parentId: 35,
      major: 98,
      minor: 0,
      root: "/mnt1",
      target: "/mnt2",
      options: ["rw", "noatime"],
      propagation: ["master:1", "shared:7"],
      type: "ext3",
      source: "/dev/root",
      superOptions: "rw,errors=continue",
    });
  });

  it("may have none of them, and an empty source", () => {
    expect(parseMountInfo("1 1 0:2 / / rw - rootfs  rw")).toMatchObject({
      propagation: [],
      source: "",
      superOptions: "rw",
    });
  });

  it("has blanks, newlines and backslashes in octal", () => {
    expect(parseMountInfo("1 1 0:2 / /a\\040b\\011c\\012d\\134e rw - tmpfs x rw")?.target).toBe("/a b\tc\nd\\e");
    expect(unescapeMountField("\\134040")).toBe("\\040");
  });

  it("may have 31 KB of options", () => {
    const options = `ro,${Array.from({ length: 500 }, (_, i) => `lowerdir+=${"/x".repeat(30)}${i}`).join(",")}`;
    expect(parseMountInfo(`1 1 0:2 / /t rw - overlay overlay ${options}`)?.superOptions).toBe(options);
  });

  it.each(["", "garbage", "1 1 0:2 / /t rw tmpfs"])("that is none gives nothing: %j", (line) => {
    expect(parseMountInfo(line)).toBeNull();
  });
});

describe("this process's mounts", () => {
  it("include /proc", () => {
    expect(mountAt("/proc")).toMatchObject({ type: "proc", target: "/proc" });
    expect(mountAt("/proc/self")).toBeNull();
  });

  it("are those below /, each with an id of its own", () => {
    const all = [...readMountInfo()];
    expect(mountsBelow("/")).toHaveLength(all.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it("below a directory leave out its neighbours", () => {
    expect(mountsBelow("/pro")).toEqual([]);
    expect(mountsBelow("/proc").map(({ target }) => target)).toContain("/proc");
  });
});
