import { describe, expect, it } from "vitest";
import {
  all,
  beforeKernel,
  type Condition,
  type Directory,
  exceptOnFilesystem,
  type Host,
  inUserNamespace,
  kernelAtLeast,
  onFilesystem,
  type Place,
  profileAt,
  sinceKernel,
  withoutReflink,
} from "../src/index.ts";

function place(kernel: Host["kernel"], filesystem = "ext4", more: Partial<Directory & Host> = {}): Place {
  const directory = { path: "/s", filesystem, dType: true, reflink: false, nameMax: 255 };
  const host = { kernelRelease: "", arch: "x64", euid: 0, userNamespace: false, sysAdmin: true, fullRoot: true };
  return {
    directory: { ...directory, xattrs: { user: true, trusted: true }, ...more },
    host: { ...host, kernel, filesystems: [], bootId: "", ...more },
  };
}

describe("conditions", () => {
  it.each([
    [[6, 18], 6, 18, true],
    [[6, 18], 6, 19, false],
    [[7, 0], 6, 19, true],
    [[5, 19], 6, 0, false],
  ] as const)("kernel %j is at least %i.%i: %s", (kernel, major, minor, answer) => {
    expect(kernelAtLeast({ kernel }, major, minor)).toBe(answer);
    expect(sinceKernel(major, minor).holds(place(kernel))).toBe(answer);
    expect(beforeKernel(major, minor).holds(place(kernel))).toBe(!answer);
  });

  it.each<[Condition, string, Place, Place]>([
    [beforeKernel(6, 7), "before Linux 6.7", place([6, 6]), place([6, 7])],
    [sinceKernel(6, 7), "since Linux 6.7", place([6, 7]), place([6, 6])],
    [onFilesystem("xfs", "btrfs"), "on xfs and btrfs", place([6, 6], "btrfs"), place([6, 6])],
    [exceptOnFilesystem("btrfs"), "except on btrfs", place([6, 6]), place([6, 6], "btrfs")],
    [withoutReflink, "where the filesystem has no reflink", place([6, 6]), place([6, 6], "xfs", { reflink: true })],
    [inUserNamespace, "in a user namespace", place([6, 6], "ext4", { userNamespace: true }), place([6, 6])],
  ])("%# says where it holds", (condition, text, yes, no) => {
    expect(condition.text).toBe(text);
    expect([condition.holds(yes), condition.holds(no)]).toEqual([true, false]);
  });

  it("can all be asked for", () => {
    const both = all(onFilesystem("tmpfs"), beforeKernel(6, 6));
    expect([both.text, both.changedIn]).toEqual(["on tmpfs before Linux 6.6", "6.6"]);
    expect([place([6, 5], "tmpfs"), place([6, 6], "tmpfs"), place([6, 5])].map(both.holds)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("a profile at a place", () => {
  const claim = { outcome: "odd", because: "so it is" };
  const known = [
    { check: "A", ...claim },
    { check: "B", ...claim, when: beforeKernel(6, 7) },
    { check: "C", ...claim, when: onFilesystem("btrfs") },
  ];

  it("sorts the known deviations into those that hold and the others, all with their words", () => {
    const b = { check: "B", ...claim, where: "before Linux 6.7", changedIn: "6.7" };
    const c = { check: "C", ...claim, where: "on btrfs" };
    expect(profileAt("d", known, place([6, 1]))).toEqual({
      driver: "d",
      deviations: [{ check: "A", ...claim }, b],
      elsewhere: [c],
    });
    expect(profileAt("d", known, place([6, 7], "btrfs"))).toEqual({
      driver: "d",
      deviations: [{ check: "A", ...claim }, c],
      elsewhere: [b],
    });
  });
});
