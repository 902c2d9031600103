import type { Ground } from "../ground/ground.ts";
import type { Workload } from "../workload.ts";

/** The points of growth curves. */
export interface Points {
  readonly layers: readonly number[];
  readonly files: readonly number[];
  /** How many containers there are, or are worked on at once. */
  readonly atOnce: readonly number[];
  /** Sizes of a file. */
  readonly bytes: readonly number[];
  /** How many layers a store holds. */
  readonly stored: readonly number[];
  /** Of the trees of small files; 1 is 22,000 entries. */
  readonly scale: number;
}

/** What whoever runs the benchmark has chosen. */
export interface Choices extends Points {
  readonly runs: number;
  /** How this copyup is started, as argv. */
  readonly command: readonly [string, ...string[]];
  /** Whether the programs of others take part beside the everyday ones. */
  readonly peers: boolean;
}

/** The filesystem measured has an inode for each so many bytes of it. */
export const BYTES_AN_INODE = 4096;

/** A tree of 1 on disk: 127 MB on ext4 and 22,000 inodes; btrfs has metadata twice. */
export const TREE_BYTES = 200 << 20;

/**
 * A question, and how to put it: gives the workload, or one for each point of a growth curve. What it makes for a point it
 * removes when it is asked for the next, for data of a million files has room once.
 */
export interface Maker {
  readonly name: string;
  readonly question: string;
  /** Takes minutes: run only if it is named, or all are. */
  readonly long?: true;
  /** What it needs beside the trees of small files that all work with. The image is sparse: ask for the most there can be. */
  roomBytes?(points: Points): number;
  make(ground: Ground, choices: Choices): AsyncIterable<Workload>;
}
