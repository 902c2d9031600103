import type { Deviation, DriverModule, Finding } from "@copyup/core";
import type { Check } from "./check.ts";
import type { UncheckedRow } from "./unchecked.ts";

export type Status = "pass" | "fail" | "deviates" | "skip";

/** One check on one driver; a line of `--format jsonl`. */
export interface CheckResult {
  readonly driver: string;
  /** What the scratch directory was on: `ext4`. */
  readonly filesystem: string;
  /** `uname -r`. */
  readonly kernel: string;
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  /** Required unless pass: the assertion, the declared deviation and why, or what the host lacks. */
  readonly reason?: string;
  readonly ms: number;
  readonly seed?: number;
  /** Of a failure: what helps to understand and to repeat it. */
  readonly evidence?: readonly Evidence[];
}

export interface Evidence {
  readonly title: string;
  readonly text: string;
}

/** One column of the matrix: one driver on one filesystem of one host, with all that a report tells of it. */
export interface CellRecord {
  readonly driver: string;
  /** The driver in a sentence. */
  readonly summary: string;
  readonly filesystem: string;
  /** What was worked in: `a fresh ext4 loop image held in memory`. */
  readonly scratch: string;
  readonly host: CellHost;
  /** Of copyup. */
  readonly version: string;
  /** Of copyup's repository where it runs from one: `359a342`, `359a342-dirty`. */
  readonly commit: string | null;
  /** When it began, ISO 8601 in UTC. */
  readonly date: string;
  /** Sum over the checks, those of an interrupted run included. */
  readonly ms: number;
  readonly seed: number;
  readonly heavy: boolean;
  /** Ids or beginnings that were asked for; null: the whole suite. */
  readonly only: readonly string[] | null;
  /** Only the checks that rest on the filesystem below were asked for. */
  readonly filesystemRows?: boolean;
  /** False where the driver or the filesystem cannot be had here: every result is a skip with that reason. */
  readonly works: boolean;
  /** What the driver's probe tried and saw. */
  readonly findings: readonly Finding[];
  /** What its profile declares there. */
  readonly deviations: readonly Deviation[];
  /** Rows of the catalogue that no check of this version proves. */
  readonly unchecked: readonly UncheckedRow[];
  readonly results: readonly CheckResult[];
  /** Ended before all checks were done. */
  readonly interrupted?: boolean;
}

/** The host as a report names it. */
export interface CellHost {
  readonly kernelRelease: string;
  readonly arch: string;
  readonly euid: number;
  readonly userNamespace: boolean;
  /** The kernel's package where whoever started it knows: `Debian 6.1.176-1`. Its own release may hide the version. */
  readonly kernelPackage?: string;
}

/** What is the same for one driver's run and for a whole matrix of them. */
export interface SuiteSettings {
  /** Default: all of them. */
  readonly checks?: readonly Check[] | undefined;
  readonly only?: readonly string[] | undefined;
  /** Of these, only the checks that rest on the filesystem below (`Check.restsOn`). */
  readonly filesystemRows?: boolean | undefined;
  readonly seed?: number | undefined;
  /** Random programs a differential check tries; default 200. */
  readonly runs?: number | undefined;
  /** Leave the scratch directories of failed checks. */
  readonly keep?: boolean | undefined;
  /** Run the heavy checks too; one named by its whole id in `only` runs anyhow. */
  readonly heavy?: boolean | undefined;
  /** What stands before the driver's name in the command that shows a failure again; default `copyup conform`. */
  readonly command?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: ((check: Check, driver: string) => void) | undefined;
}

export interface RunOptions extends SuiteSettings {
  readonly drivers: readonly DriverModule[];
  /** An existing directory; each check gets a fresh one below. */
  readonly work: string;
  readonly onResult?: ((result: CheckResult, progress: { done: number; total: number }) => void) | undefined;
}
