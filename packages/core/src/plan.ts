/**
 * A mount as data: ordered steps, carried out at one target, undone in reverse. The linux package turns it into system
 * calls; `renderShell` and `renderContainerd` into what a person or containerd would run.
 */
export interface MountPlan {
  readonly steps: readonly MountStep[];
}

export type MountStep = OverlayStep | BindStep | PathStep | DaemonStep | AufsStep;

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

/** One aufs mount. The branches that its first page of options has no room for are appended by remounts. */
export interface AufsStep {
  readonly type: "aufs";
  /** Nearest first, at least one. Absolute paths without `,` `:` `=` and newline: aufs knows no escape for them. */
  readonly branches: readonly AufsBranch[];
  readonly readonly: boolean;
  /** Mount options besides the branches and `xino`, e.g. `dirperm1`. */
  readonly options: readonly string[];
  /**
   * Directories in which aufs may keep its table of inode numbers, best first: it makes a file there and unlinks it at once,
   * so the name must be new (EEXIST). Where none can be written the mount goes without (`noxino`).
   */
  readonly xino: readonly string[];
}

/** A directory of the union. `ro+wh`: whiteouts in it are heeded, which in a branch that is `ro` they are not. */
export interface AufsBranch {
  readonly path: string;
  readonly permission: "rw" | "ro+wh";
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

/**
 * A mount that a program makes and serves as long as it lasts (FUSE). Whoever carries the plan out starts the program, waits
 * until its filesystem is at the target, and waits again for its end after the unmount.
 */
export interface DaemonStep {
  readonly type: "daemon";
  /** The program (looked for on PATH) and its arguments. `TARGET` among them stands for the place. */
  readonly argv: readonly string[];
  /** Arguments that keep it in the foreground, so that it can be watched while it starts; before all others. */
  readonly foreground: readonly string[];
  /** Where it is started: relative paths in its arguments begin there. Absolute. */
  readonly cwd: string;
  readonly readyWhen: {
    /** This type of filesystem, as mountinfo shows it, is at the target: `fuse.fuse-overlayfs`. */
    readonly mounted: string;
    readonly withinMs: number;
  };
  /** How it is ended: by unmounting the target, upon which it ends by itself. */
  readonly undo: "unmount";
  /** The same for containerd, whose clients start a mount helper; null where that could not say it. */
  readonly helper: MountHelper | null;
}

/** `type` as `fuse3.PROGRAM`; the options are joined by commas and say every path absolutely. */
export interface MountHelper {
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** The word in a daemon's arguments that stands for the target. */
export const TARGET = "{target}";
