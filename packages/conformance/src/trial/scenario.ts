import type { Layer } from "@copyup/core";
import type { MountHandle } from "@copyup/store";

/**
 * A base layer with an active layer mounted on it, and a plain directory that is the reference model. Every edit is made on
 * both; what the edit returns or throws must be equal on both, and so must the trees afterwards.
 */
export interface Scenario {
  /** The committed base. */
  readonly base: Layer;
  /** The model: a plain directory. Edited by `edit` only. */
  readonly model: string;
  /** The current active layer's id, and its mount. */
  readonly id: string;
  readonly mount: MountHandle;
  /** Where the active layer is mounted now. */
  readonly root: string;

  /**
   * Runs `act` on the model and then on the mount. Compares what the two runs return (structurally) or throw (errno name).
   * Gives the mount's result. Keep `act` synchronous; use node:fs and @copyup/linux.
   */
  edit<T>(act: (root: string) => T): T;
  /** Runs `act` on both without comparing: for behaviour where a deviation is known. */
  observe<T>(act: (root: string) => T): { model: T | ErrnoResult; mount: T | ErrnoResult };
  /** Both trees must be equal: names, types, modes, owners, ns mtimes, rdev, link targets, xattrs, content, link groups. */
  compare(options?: CompareOptions): void;
  /** The differences, one line each, empty if equal. */
  differences(options?: CompareOptions): string[];
  /** Unmounts and mounts the active layer again (caches dropped with the superblock). */
  remount(): Promise<void>;
  /** Unmounts, commits, and goes on with a new active layer on top, mounted. Gives the committed layer. */
  commit(): Promise<Layer>;
  /** Where the active layer's own content lies (upper, or the tree), for looking at markers. */
  layerDirectory(): string;
  /** sha256 over the base's own directory (everything but atime): to prove that lowers are never written. */
  baseFingerprint(): string;
}

export interface ErrnoResult {
  readonly errno: string;
}

export interface CompareOptions {
  /** Relative paths (latin1) left out, with everything below. */
  readonly except?: readonly string[];
  /** Don't compare which names share an inode, nor nlink. */
  readonly ignoreLinks?: boolean;
  /** Compare which names share an inode, but not how many names it has. */
  readonly ignoreLinkCounts?: boolean;
  /**
   * Compare them also where the profile says that a copy-up changes the time of the directory it happens in (CU18, CU39:
   * `parent-times`). Without it such a directory may have the time of any edit.
   */
  readonly exactDirectoryTimes?: boolean;
  /** Compare them also where the profile says that they are not those of the inode (ME04: `nlink-of-known-names`). */
  readonly exactLinkCounts?: boolean;
  /** Don't compare mtimes of directories. */
  readonly ignoreDirectoryTimes?: boolean;
  /** Leave out attributes of no bytes that only the mount has (CU04: `left-empty`). */
  readonly ignoreEmptyXattrs?: boolean;
}
