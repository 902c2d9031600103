import type { Tree } from "@copyup/conformance";
import type { ManyTree } from "../ground/ground.ts";
import type { Contestant } from "../workload.ts";

/** What peers are asked to do; a workload asks for one of them. */
export const JOBS = ["mount", "apply", "diff", "changes", "copy", "list"] as const;
export type Job = (typeof JOBS)[number];

/** A layer's archive, and the tree that comes out of it. */
export interface LayerArchive {
  readonly file: string;
  readonly compression: "none" | "gzip";
  readonly expected: () => Tree;
}

/** What a peer works with: all of it on the filesystem that is measured. */
export interface PeerRoom {
  /** Its own directory. */
  readonly dir: string;
  /** The environment of its programs: PATH holds the codec helpers that all peers may use, and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  many(): Promise<ManyTree>;
  /** The tree `many` as it is to come out. */
  expected(): Promise<Tree>;
}

/** Other people's program, as data and as a way to do the workloads' jobs. */
export interface Peer {
  readonly name: string;
  readonly debianPackage: string;
  /** As it calls itself; null: not installed. */
  version(): string | null;
  /** The contestants that it gives, by job. */
  readonly contestants: Readonly<Partial<Record<Job, readonly string[]>>>;
  /** What its figures hold that ours do not, by job; for the workload's `fairness`. */
  readonly fairness: Readonly<Partial<Record<Job, string>>>;
  open(room: PeerRoom): Promise<OpenPeer>;
}

/** Each method prepares what the job needs, and gives the contestants that the peer has named for it. */
export interface OpenPeer {
  apply?(archive: LayerArchive): Promise<Contestant[]>;
  diff?(): Promise<Contestant[]>;
  changes?(): Promise<Contestant[]>;
  copy?(): Promise<Contestant[]>;
  /** A writable layer on so many; `times` mounts and unmounts are the job. */
  mount?(depth: number, times: number): Promise<Contestant[]>;
  /** A store with a chain of so many layers and nothing else; a list of them is the job. */
  list?(layers: number): Promise<Contestant[]>;
  close(): Promise<void>;
}
