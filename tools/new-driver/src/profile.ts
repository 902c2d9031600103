import { type Directory, type Host, type Known, type Profile, profileAt } from "../../../packages/core/src/index.ts";

/**
 * Where the driver differs from a plain directory, on this host and filesystem. The suite proves each line: what is declared
 * must really happen, and what is not declared must not.
 */
export function profileHere(directory: Directory, host: Host): Profile {
  return profileAt("new-driver", KNOWN, { directory, host });
}

/**
 * A line is written when a check fails with `saw "WORD" (…), which the profile does not declare`, the driver cannot do better,
 * and it is known why: { check: "CU07", outcome: "link-broken", because: "…", source: "…" }; where it is not so everywhere, with
 * `when`: beforeKernel(6, 7), onFilesystem("xfs"), inUserNamespace, …
 */
const KNOWN: readonly Known[] = [];
