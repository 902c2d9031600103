import type { Directory, Host } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { KNOWN, overlayProfile } from "../../src/profile/profile.ts";

const host: Host = {
  kernelRelease: "6.18.0",
  kernel: [6, 18],
  arch: "x64",
  euid: 0,
  userNamespace: false,
  sysAdmin: true,
  fullRoot: true,
  filesystems: ["overlay"],
  bootId: "",
};
const directory: Directory = {
  path: "/s",
  filesystem: "ext4",
  dType: true,
  reflink: false,
  xattrs: { user: true, trusted: true },
  nameMax: 255,
};

function outcomes(kernel: Host["kernel"], more: Partial<Directory> = {}): Record<string, string> {
  const { deviations } = overlayProfile({ ...directory, ...more }, { ...host, kernel });
  return Object.fromEntries(deviations.map(({ check, outcome }) => [check, outcome]));
}

describe("the profile", () => {
  it("names each check once", () => {
    expect(new Set(KNOWN.map(({ check }) => check)).size).toBe(KNOWN.length);
  });

  it("declares broken hard links everywhere", () => {
    expect(outcomes([5, 10]).CU07).toBe("link-broken");
    expect(outcomes([7, 2]).CU07).toBe("link-broken");
  });

  it.each([
    ["CU42", "flag-dropped", [5, 14], [5, 15]],
    ["CU29", "text-writable", [5, 14], [5, 15]],
    ["CU26", "no-tmpfile", [6, 9], [6, 10]],
    ["ME09", "overlay-xattr-refused", [6, 6], [6, 7]],
  ] as const)("declares %s %s up to %j, not from %j on", (check, outcome, last, first) => {
    expect(outcomes(last)[check]).toBe(outcome);
    expect(outcomes(first)[check]).toBeUndefined();
  });

  it("expects coarse holes only where copy-up copies data", () => {
    expect(outcomes([6, 18]).CU11).toBe("coarse-holes");
    expect(outcomes([6, 18], { filesystem: "xfs", reflink: true }).CU11).toBeUndefined();
  });

  it("expects link counts of 1 to show only where directories have others", () => {
    expect(outcomes([6, 18]).ME04).toBe("dir-nlink-1");
    expect(outcomes([6, 18], { filesystem: "btrfs" })).not.toHaveProperty("ME04");
  });

  it("declares changing inode numbers in a user namespace", () => {
    const inside = overlayProfile(directory, { ...host, userNamespace: true }).deviations.map(({ check }) => check);
    expect(inside).toEqual(expect.arrayContaining(["CU25", "ME11"]));
    expect(outcomes([6, 18])).not.toHaveProperty("CU25");
  });

  it("tells with its words and kernel version what holds elsewhere", () => {
    const { deviations, elsewhere } = overlayProfile(directory, host);
    expect(elsewhere).toContainEqual(
      expect.objectContaining({ check: "ME09", where: "before Linux 6.7", changedIn: "6.7" }),
    );
    expect(elsewhere).toContainEqual(expect.objectContaining({ check: "CU25", where: "in a user namespace" }));
    expect(deviations.length + (elsewhere?.length ?? 0)).toBe(KNOWN.length);
  });

  it("has a source for each claim", () => {
    expect(KNOWN.filter(({ source }) => !source)).toEqual([]);
  });

  it("gives plain data", () => {
    const profile = overlayProfile(directory, host);
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    expect(profile.driver).toBe("overlay2");
  });
});
