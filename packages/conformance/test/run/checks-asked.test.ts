import type { Directory, DriverModule, Host, Profile } from "@copyup/core";
import { describe, expect, test } from "vitest";
import { driver as aufs } from "../../../aufs/src/index.ts";
import { driver as fuseOverlayfs } from "../../../fuse-overlayfs/src/index.ts";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import { driver as plainCopy } from "../../../plain-copy/src/index.ts";
import { allChecks, type Check, checksAsked, restsOnFilesystem } from "../../src/index.ts";

const check = (id: string, more: Partial<Check> = {}): Check => ({
  id,
  title: id,
  cites: ["c"],
  run: async () => {},
  ...more,
});
const three = [check("CU01"), check("CU02", { restsOn: ["times"] }), check("ME01", { restsOn: [] })];
const ids = (checks: readonly Check[]) => checks.map(({ id }) => id);

test("the filesystem's rows are those that say so, among those asked for", () => {
  expect(ids(checksAsked({ checks: three }))).toEqual(["CU01", "CU02", "ME01"]);
  expect(ids(checksAsked({ checks: three, filesystemRows: true }))).toEqual(["CU02"]);
  expect(ids(checksAsked({ checks: three, only: ["ME"], filesystemRows: true }))).toEqual([]);
});

test("between a quarter and a half of the suite rests on the filesystem", () => {
  const share = allChecks.filter(restsOnFilesystem).length / allChecks.length;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.5);
});

const ext4: Directory = {
  path: "/somewhere",
  filesystem: "ext4",
  dType: true,
  reflink: false,
  xattrs: { user: true, trusted: true },
  nameMax: 255,
};
/** Each differs from ext4 in one thing, so that a condition on it shows. */
const others: readonly Directory[] = [
  ...["xfs", "btrfs", "tmpfs", "overlay"].map((filesystem) => ({ ...ext4, filesystem })),
  { ...ext4, reflink: true },
  { ...ext4, dType: false },
  { ...ext4, nameMax: 143 },
  { ...ext4, xattrs: { user: false, trusted: true } },
  { ...ext4, xattrs: { user: true, trusted: false } },
];

const KERNELS: readonly (readonly [number, number])[] = [
  [5, 10],
  [6, 1],
  [6, 12],
  [7, 2],
];

function hostsOf(kernel: readonly [number, number]): Host[] {
  const root: Host = {
    kernelRelease: `${kernel[0]}.${kernel[1]}.0`,
    kernel,
    arch: "x64",
    euid: 0,
    userNamespace: false,
    sysAdmin: true,
    fullRoot: true,
    filesystems: ["ext4", "overlay"],
    bootId: "boot",
  };
  return [root, { ...root, euid: 1000, sysAdmin: false, fullRoot: false }, { ...root, userNamespace: true }];
}

/** Checks whose deviation is declared on the one filesystem and not, or otherwise, on the other. */
function differing(here: Profile, there: Profile): string[] {
  const told = (profile: Profile) => new Map(profile.deviations.map((one) => [one.check, one.outcome]));
  const [a, b] = [told(here), told(there)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((id) => a.get(id) !== b.get(id));
}

function checksWithFilesystemConditions(driver: DriverModule): string[] {
  const found = KERNELS.flatMap(hostsOf).flatMap((host) =>
    others.flatMap((directory) => differing(driver.profile(ext4, host), driver.profile(directory, host))),
  );
  return [...new Set(found)].sort();
}

describe.each([overlay2, plainCopy, fuseOverlayfs, aufs])("$name", (driver) => {
  test("a check whose profile depends on the filesystem is run on each", () => {
    const marked = new Set(ids(allChecks.filter(restsOnFilesystem)));
    expect(checksWithFilesystemConditions(driver).filter((id) => !marked.has(id))).toEqual([]);
  });
});

test("conditions on the filesystem are found", () => {
  expect(checksWithFilesystemConditions(overlay2)).toEqual(expect.arrayContaining(["CU11", "ME04"]));
});
