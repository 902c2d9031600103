import type { Progress, StorageError } from "@copyup/core";
import type { LeftOut } from "../old-graph.ts";

export interface ImportOptions {
  /** Also what containers wrote, as committed layers. */
  readonly containers?: boolean | undefined;
  /** As apply's: keep what this user cannot store as counts instead of failing. */
  readonly lossy?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** As soon as the layer is in the store. */
  readonly onLayer?: ((layer: ImportedLayer) => void) | undefined;
}

export interface ImportedLayer {
  readonly oldId: string;
  readonly newId: string;
  /** It was there already: the same archive on the same parent. */
  readonly reused: boolean;
  /** Tags of the images it is the top of; names of the container. */
  readonly names: readonly string[];
  /** Of the canonical archive, as the store has it. */
  readonly diffId: string | null;
  /** What the engine said it was. */
  readonly oldDiffId: string | null;
  /** Sentences for a person: sockets left out, links that aufs had lost. */
  readonly notes: readonly string[];
  /** By kind, as apply's. */
  readonly lost: Readonly<Record<string, number>>;
}

export interface FailedLayer {
  readonly oldId: string;
  readonly error: StorageError;
}

export interface ImportReport {
  /** A parent before its children. */
  readonly layers: readonly ImportedLayer[];
  readonly failed: readonly FailedLayer[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}
