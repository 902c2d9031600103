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
  KL: "Killed at random moments",
  RD: "Random programs, on drivers and model",
  LY: "Canonical layers and other people's archives",
  CD: "What peers' suites check, or wanted to",
  PN: "Pains of the field",
  PROFILE: "Profiles",
};

export function familyName(family: string): string {
  return NAMES[family] ?? family;
}
