import type { Deviation, Directory, Host, Profile } from "../../../packages/core/src/index.ts";

/**
 * Where the driver differs from a plain directory, on this host and filesystem. The suite proves each line: what is declared
 * must really happen, and what is not declared must not.
 */
export function profileHere(_directory: Directory, _host: Host): Profile {
  return { driver: "new-driver", deviations: DEVIATIONS };
}

/**
 * A line is written when a check fails with `saw "WORD" (…), which the profile does not declare`, the driver cannot do better,
 * and it is known why: { check: "CU07", outcome: "link-broken", because: "…", source: "…" }.
 */
const DEVIATIONS: readonly Deviation[] = [];
