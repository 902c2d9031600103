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
<<<<<<< HEAD
  KL: "kill -9",
  CD: "peers' suites",
  RD: "random programs",
=======
  KL: "kill -9 at random moments",
  CD: "what the peers' suites check or wanted",
  PN: "the pains of the field",
>>>>>>> dcb07a0 (conformance: one check per pain of the field; store: a mount left by a dead process names who keeps it busy, no inodes is said in words)
};

/** `CU` of `CU07`. */
export function familyOf(checkId: string): string {
  return /^[A-Z]+/.exec(checkId)?.[0] ?? checkId;
}

/** What a family is about, in the field's words; the letters themselves for one that nobody named. */
export function familyName(family: string): string {
  return NAMES[family] ?? family;
}
