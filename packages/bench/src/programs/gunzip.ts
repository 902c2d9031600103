import { versionOf } from "./programs.ts";

/** The program of this machine that takes gzip apart with the least CPU time. */
export function gunzipProgram(): readonly [string, ...string[]] {
  if (versionOf("igzip")) return ["igzip", "-dc"];
  // pigz says its version on stderr or on stdout, as its version goes.
  if (versionOf("unpigz") !== null) return ["unpigz", "-c"];
  return ["gzip", "-dc"];
}
