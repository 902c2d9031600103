import type { CopyStamp, Dialect, Progress } from "@copyup/core";

/** One directory of a view, with the way deletions are written in it. */
export interface ViewPart {
  /** Absolute path. */
  readonly dir: string;
  readonly dialect: Dialect;
}

/**
 * The same, of layers that other engines wrote. `…-redirected`: overlay mounts with redirect_dir or metacopy, whose directories
 * and files may have their content elsewhere; it is looked for where the kernel would. In all other dialects such a mark is
 * refused, because this project's own layers never hold one.
 */
export interface ReadPart {
  readonly dir: string;
  readonly dialect: ReadDialect;
}

export type ReadDialect = Dialect | "overlay-trusted-redirected" | "overlay-user-redirected";

/**
 * A view as the directories it is merged from, nearest first. Read directly, without a mount: so it can be compared while it
 * is mounted, by anybody, and on a kernel that lacks the filesystem. A part in the dialect `tree` hides everything below it.
 */
export type ViewParts = readonly ViewPart[];

/** Two views to compare: a layer's, and its parent's (null for a base, which is compared with nothing). */
export interface Comparison {
  /** The layer's own directory first; after it, for a layer that keeps only changes, the parts of `below`. */
  readonly above: readonly ReadPart[];
  readonly below: readonly ReadPart[] | null;
  /**
   * Shortens the search in a full copy (layers.md rule 8). Only where `below` is the very view that was copied: against
   * another parent what is unchanged since the copy says nothing.
   */
  readonly copied?: CopyStamp | undefined;
}

export interface LongOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What could not be kept, by kind (`owner`, `device`, `xattr`, `mode`, `link`, `socket`): how many, and one example each. */
export interface Losses {
  readonly counts: Record<string, number>;
  readonly examples: Record<string, string>;
}
