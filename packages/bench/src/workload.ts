/** One way of doing a workload's job. */
export interface Contestant {
  /** `overlay2`, `GNU tar -x`, … */
  readonly name: string;
  /** Does the job once; what stands in `before` and `after` is not measured. */
  run(): Promise<void>;
  before?(): Promise<void>;
  after?(): Promise<void>;
  /** Why it cannot take part here; then it is listed with that reason and not run. */
  readonly absent?: string | undefined;
}

/** One question put to several contestants, in one interleaved series. */
export interface Workload {
  readonly name: string;
  /** The question it answers, for the report. */
  readonly question: string;
  /** What the contestants do that differs, said openly. */
  readonly fairness: string;
  readonly runs: number;
  /** The first one present is the reference of the ratios; it is run twice a round, and that gives the noise floor. */
  readonly contestants: readonly Contestant[];
}
