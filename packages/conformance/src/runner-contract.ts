import type { DriverModule } from "@copyup/core";
import type { Check } from "./check.ts";

export type Status = "pass" | "fail" | "deviates" | "skip";

/** One check on one driver; a line of `--format jsonl`. */
export interface CheckResult {
  readonly driver: string;
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

export interface RunOptions {
  readonly drivers: readonly DriverModule[];
  /** An existing directory; each check gets a fresh one below. */
  readonly work: string;
  /** Default: all of them. */
  readonly checks?: readonly Check[];
  readonly only?: readonly string[];
  readonly seed?: number;
  /** Random programs a differential check tries; default 200. */
  readonly runs?: number | undefined;
  /** Leave the scratch directories of failed checks. */
  readonly keep?: boolean;
  /** Run the heavy checks too; one named by its whole id in `only` runs anyhow. */
  readonly heavy?: boolean;
  readonly signal?: AbortSignal;
  readonly onResult?: (result: CheckResult, progress: { done: number; total: number }) => void;
}
