/** Check ids begin with their family's two letters. In the order in which the suite runs them. */
const NAMES: Readonly<Record<string, string>> = {
  CU: "copy-up",
  WH: "whiteouts",
  ME: "merging and listing",
  UM: "mount and unmount",
  LA: "layers, limits and options",
  DA: "diff and apply",
  LY: "canonical layers",
  MT: "malicious archives",
  SE: "security",
  FA: "failures",
  KL: "kill -9",
  CD: "peers' suites",
  PN: "pains of the field",
  RD: "random programs",
};

/** `CU` of `CU07`. */
export function familyOf(checkId: string): string {
  return /^[A-Z]+/.exec(checkId)?.[0] ?? checkId;
}

/** What a family is about, in the field's words; the letters themselves for one that nobody named. */
export function familyName(family: string): string {
  return NAMES[family] ?? family;
}
