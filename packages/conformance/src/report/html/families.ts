/** The catalogue's chapters. */
const NAMES: Readonly<Record<string, string>> = {
  CU: "Copy-up",
  WH: "Whiteouts and opaque directories",
  ME: "Merge and listing",
  UM: "Mount and unmount",
  LA: "Layers, limits, options",
  DA: "Diff and apply",
  MT: "Malicious archives",
  SE: "Security",
  FA: "Failures",
  RD: "Random programs on drivers and model",
  PROFILE: "Profiles",
};

export function familyName(family: string): string {
  return NAMES[family] ?? family;
}
