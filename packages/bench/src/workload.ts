/**
 * Who takes part: the yardstick in C (`limit`: what this machine can do at all), this project's drivers inside this process
 * (`ours`), this project's command as a process (`command`), and programs that other people use for the job (`peer`).
 */
export type Role = "limit" | "ours" | "command" | "peer";

/** What a run of a workload can be asked for. Times in ms, sizes in bytes. */
export const FIGURES = [
  "cpuMs",
  "wallMs",
  /** The largest resident set among the processes of a contestant that is a program. */
  "peakBytes",
  /** What reached the device, the sync after the run included. */
  "writtenBytes",
  /** What the filesystem holds more than before, after a sync. */
  "diskBytes",
  "inodes",
  /** What the kernel's page cache holds more than before. */
  "cachedBytes",
] as const;
export type Figure = (typeof FIGURES)[number];

/** Figures that only the contestant can know, in addition to what is measured of every run. */
export type OwnFigures = Partial<Record<Figure, number>>;

/** One way of doing a workload's job. */
export interface Contestant {
  /** `overlay2`, `GNU tar`, … */
  readonly name: string;
  readonly role: Role;
  /** Does the job once; what stands in `before` and `after` is not measured. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most runs return nothing, and need not say so.
  run(): Promise<OwnFigures | void> | OwnFigures | void;
  before?(): Promise<void> | void;
  /**
   * Files and directories that a run reads: read once more just before it, unmeasured. Some hosts take cached pages back within
   * seconds (docs/benchmarking.md), and whose files are read least often would pay for it.
   */
  readonly reads?: readonly string[];
  after?(): Promise<void> | void;
  /** Throws unless the run's result is the one everybody must reach: called once, after the unmeasured round's run. */
  verify?(): Promise<void> | void;
  /**
   * The program doing all but the work (`ctr version`), as often as a run starts it: measured beside, so that a reader can take
   * the start from the work, as the goals do (goals/steady.ts).
   */
  startUp?(): Promise<void> | void;
  /** Long-lived processes that work for it: their CPU time counts. */
  servants?(): readonly number[];
  /** The part of the job that a run and `startUp` do, for those that take long: times are told for the whole. Default 1. */
  readonly part?: number;
  /** Why it cannot take part here; then it is listed with that reason and not run. */
  readonly absent?: string | undefined;
}

/** The point of a growth curve that a workload is. */
export interface GrowthPoint {
  /** Points of one name make one curve. */
  readonly curve: string;
  readonly along: "layers" | "files" | "bytes" | "containers" | "at once" | "edits" | "entries";
  readonly at: number;
}

/** One question put to several contestants, in one interleaved series. */
export interface Workload {
  readonly name: string;
  /** The question it answers, for the report. */
  readonly question: string;
  /** What the contestants do that differs, said openly. */
  readonly fairness: string;
  readonly runs: number;
  /** The figure that answers the question; CPU time unless another is named. */
  readonly asks?: Figure;
  readonly growth?: GrowthPoint;
  /** The first one present is the reference of the ratios; it is run twice a round, and that gives the noise floor. */
  readonly contestants: readonly Contestant[];
}
