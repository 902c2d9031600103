import type { Ground } from "../ground/ground.ts";
import type { Workload } from "../workload.ts";

/** What whoever runs the benchmark has chosen. */
export interface Choices {
  readonly runs: number;
  /** How this copyup is started, as argv. */
  readonly command: readonly [string, ...string[]];
  /** Whether the programs of others take part beside the everyday ones. */
  readonly peers: boolean;
  /** The points of growth curves. */
  readonly layers: readonly number[];
  readonly files: readonly number[];
  readonly atOnce: readonly number[];
}

/**
 * A question, and how to put it: gives the workload, or one for each point of a growth curve. What it makes for a point it
 * removes when it is asked for the next, for data of a million files has room once.
 */
export interface Maker {
  readonly name: string;
  readonly question: string;
  /** Takes minutes: run only if it is named, or all are. */
  readonly long?: true;
  make(ground: Ground, choices: Choices): AsyncIterable<Workload>;
}
