import { expect, test } from "vitest";
import { columnsOf, describeColumns } from "../../../src/report/html/columns.ts";
import { cell } from "../cells.ts";

const host = (kernelRelease: string) => ({ kernelRelease, arch: "x64", euid: 0, userNamespace: false });
const all = columnsOf(
  ["6.10.0", "6.9.0"].flatMap((kernel) =>
    ["xfs", "ext4"].flatMap((filesystem) =>
      ["overlay2", "aufs"].map((driver) => cell([], { driver, filesystem, host: host(kernel) })),
    ),
  ),
);
const where = (wanted: string) =>
  describeColumns(
    all.filter((one) => new RegExp(wanted).test(`${one.driver} ${one.filesystem} ${one.kernel}`)),
    all,
  );

test("older kernels first, by number", () => {
  expect(all.map((one) => `${one.kernel} ${one.filesystem} ${one.driver}`)).toEqual([
    "6.9.0 ext4 overlay2",
    "6.9.0 ext4 aufs",
    "6.9.0 xfs overlay2",
    "6.9.0 xfs aufs",
    "6.10.0 ext4 overlay2",
    "6.10.0 ext4 aufs",
    "6.10.0 xfs overlay2",
    "6.10.0 xfs aufs",
  ]);
});

test.each([
  ["", "everywhere"],
  ["overlay2", "overlay2"],
  ["overlay2 ext4", "overlay2 on ext4"],
  ["ext4", "overlay2, aufs on ext4"],
  ["6.9", "overlay2, aufs, Linux 6.9.0"],
  ["aufs xfs 6.9", "aufs on xfs, Linux 6.9.0"],
  ["overlay2|aufs xfs", "overlay2; aufs on xfs"],
  ["aufs xfs|aufs ext4 6.10", "aufs on xfs, ext4 (6.10.0)"],
])("%s is told as %s", (wanted, told) => {
  expect(where(wanted)).toBe(told);
});
