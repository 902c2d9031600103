import type { Directory, DriverModule, Host, Profile } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Scenario } from "./scenario.ts";

/** What one run of one check on one driver gets: a scratch directory, a fresh store in it, and the tools to compare. */
export interface Trial {
  readonly driver: DriverModule;
  readonly profile: Profile;
  readonly host: Host;
  /** The filesystem the scratch directory is on. */
  readonly directory: Directory;
  /** Absolute, empty at the start, removed at the end; everything a check writes lies in it. */
  readonly scratch: string;
  /** For reproducible random choices. */
  readonly seed: number;
  /** A fresh store of this driver at `<scratch>/store`, opened on first use, closed by the runner. */
  store(): Promise<LayerStore>;
  /** Another one, or the same root again (`<scratch>/<name>`), e.g. after a simulated crash. Closed by the runner. */
  openStore(name: string): Promise<LayerStore>;
  /** An empty directory `<scratch>/<name>-N`. */
  directoryFor(name: string): string;
  /**
   * A base tree, made twice by `build` (which must be deterministic): imported as a committed layer, and kept as a plain
   * directory, the model. The scenario then has an active layer on that base, mounted.
   */
  scenario(build: (root: string) => void): Promise<Scenario>;
  /** Fails the check unless it holds. */
  ok(value: unknown, what: string): asserts value;
  equal<T>(actual: T, expected: T, what: string): void;
  /** The promise must reject with a StorageError of that code; gives it. */
  rejects(promise: Promise<unknown>, code: string, what: string): Promise<Error & { hint?: string | undefined }>;
  /** The errno name (`EXDEV`) that the synchronous `act` throws (node:fs errors and SystemErrors), or null if it succeeds. */
  errno(act: () => unknown): string | null;
  /**
   * Ends the check as skipped. Only for what a probe cannot know beforehand: after the real operation failed on a plain
   * directory of this host (a filesystem without inode flags, say).
   */
  skip(reason: string): never;
  /** How many random programs a check that makes them should try. */
  readonly runs: number;
  /** Fires when the check is over, aborted or given up: one that does many things looks at it between them. */
  readonly signal: AbortSignal;
  /** Keeps a text for whoever reads about a failure (a script that replays it, say); shown with it, dropped otherwise. */
  attach(title: string, text: string): void;
  /** Runs a program (node scripts for other uids, holders that keep files open, …) killed at the end of the check. */
  spawn(command: string, args: readonly string[], options?: SpawnOptions): Promise<Child>;
}

export interface SpawnOptions {
  readonly uid?: number;
  readonly cwd?: string;
  /** Run in a mount namespace of its own (copied, private). */
  readonly newMountNamespace?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Child {
  readonly pid: number;
  /** Resolves when the program has printed a line on stdout. */
  line(): Promise<string>;
  send(line: string): void;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Exit status and all output. */
  done(): Promise<{ status: number; stdout: string; stderr: string }>;
}
