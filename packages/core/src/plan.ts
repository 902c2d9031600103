/**
 * A mount as data: ordered steps, carried out at one target, undone in reverse. The linux package turns it into system
 * calls; `renderShell` and `renderContainerd` into what a person or containerd would run.
 */
export interface MountPlan {
  readonly steps: readonly MountStep[];
}

export type MountStep = OverlayStep | BindStep | PathStep;

/** One kernel overlay mount. All paths absolute, unescaped. */
export interface OverlayStep {
  readonly type: "overlay";
  /** Nearest first; at least one, and two where there is no upper. */
  readonly lowers: readonly string[];
  /** Both or neither; without them the mount is read-only. */
  readonly upper: string | null;
  readonly work: string | null;
  /** Mount options besides the directories, e.g. `index=off`. */
  readonly options: readonly string[];
}

/** A bind of one directory (not recursive). */
export interface BindStep {
  readonly type: "bind";
  readonly source: string;
  readonly readonly: boolean;
}

/** No mount: the directory itself is what the caller gets. */
export interface PathStep {
  readonly type: "path";
  readonly source: string;
}
