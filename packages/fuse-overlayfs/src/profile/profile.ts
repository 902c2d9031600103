import type { Deviation, Directory, Host, Profile } from "@copyup/core";

export function fuseOverlayfsProfile(_directory: Directory, _host: Host): Profile {
  return { driver: "fuse-overlayfs", deviations: DEVIATIONS };
}

const DEVIATIONS: readonly Deviation[] = [
  { check: "CU18", outcome: "parent-times", because: "x" },
  { check: "CU39", outcome: "parent-times", because: "x" },
];
