import type { Change, Layer, LayerAccess, MountMode, MountPlan, Progress, StorageDriver, Usage } from "@copyup/core";

/**
 * What callers use. Every method rejects with StorageError; the codes named are those with a meaning of their own. BAD_ID,
 * NOT_FOUND and CORRUPT (naming the layer) come from each verb that takes an id, READ_ONLY from each that writes.
 * Disposing the store unmounts what was mounted with it for this process.
 */
export interface LayerStore extends AsyncDisposable {
  readonly root: string;
  readonly driver: StorageDriver;

  /** Throws NOT_FOUND, BAD_ID. */
  get(id: string): Promise<Layer>;
  /** Oldest first. */
  list(): Promise<Layer[]>;
  /** The layer and its ancestors, nearest first. */
  chain(id: string): Promise<Layer[]>;

  /**
   * A new active layer. PARENT_NOT_FOUND, NOT_COMMITTED (the parent), TOO_MANY_LAYERS, EXISTS. Disposing it without commit
   * removes it; while it is mounted that is LAYER_IN_USE.
   */
  prepare(options?: PrepareOptions): Promise<ActiveLayer>;
  /** Takes hold of an active layer made earlier (by another process, say); disposing it leaves it. NOT_ACTIVE. */
  active(id: string): Promise<ActiveLayer>;
  /** Makes an active layer committed. LAYER_IN_USE while it is mounted or lent; NOT_ACTIVE. */
  commit(id: string, options?: CommitOptions): Promise<Layer>;

  /**
   * Mounts an active layer writable, or (mode `ro`) any layer's view. A second mount of a layer is a bind of the first; at the
   * same target in the same mode it is counted. NOT_ACTIVE (committed and `rw`), LAYER_IN_USE, BAD_TARGET, NEEDS_PRIVILEGE.
   */
  mount(id: string, options?: MountOptions): Promise<MountHandle>;
  /** Read-only mount of a layer's view. */
  view(id: string, options?: Omit<MountOptions, "mode">): Promise<MountHandle>;
  /** MOUNT_BUSY naming the holders; NOT_MOUNTED. Lazy: the layer stays in use until the kernel has let go. */
  unmount(target: string, options?: UnmountOptions): Promise<UnmountReport>;
  /** The mounts this store knows of, of all owners. */
  mounts(): Promise<MountState[]>;
  /** The plan for a caller that mounts itself. In use until `release`, over restarts and reboots. LAYER_IN_USE while mounted. */
  lend(id: string, mode: MountMode): Promise<MountPlan>;
  /** LAYER_IN_USE while the borrower's mount is there. Nothing happens for a layer that is not lent. */
  release(id: string): Promise<void>;
  /** The mount plan of a layer, without mounting or lending. */
  explain(id: string, mode?: MountMode): Promise<MountPlan>;

  /** A layer tar (plain, gzip, zstd) becomes a committed layer. BAD_ARCHIVE, NOT_REPRESENTABLE, NO_SPACE, … leave nothing. */
  apply(source: ByteSource, options?: ApplyOptions): Promise<AppliedLayer>;
  /** A directory tree becomes a committed base layer; other filesystems mounted inside are left out. */
  importTree(directory: string, options?: Omit<ApplyOptions, "parent" | "expectDiffId">): Promise<AppliedLayer>;
  /** The canonical layer tar. Of committed, active and mounted layers; NOT_REPRESENTABLE naming the path. */
  diff(id: string, options?: DiffOptions): LayerDiff;
  /** In canonical order. */
  changes(id: string, options?: LongOptions): AsyncIterable<Change>;

  /** Disk used by the layer itself, without its ancestors. */
  usage(id: string, options?: LongOptions): Promise<Usage>;
  /** Null removes a label. */
  setLabels(id: string, labels: Readonly<Record<string, string | null>>): Promise<Layer>;
  /** LAYER_IN_USE: mounted, lent, or a parent; the users are named. */
  remove(id: string, options?: LongOptions): Promise<void>;

  /** Compares every layer with its manifest and content id; finds missing parents, unreadable records, dead staging. */
  check(options?: CheckOptions): Promise<CheckReport>;
  /** Dead staging, trash, stale mount records. Committed layers are roots. */
  gc(options?: LongOptions): Promise<GcReport>;
  /** Where a layer's own content lies (lower, upper as people know them). */
  access(layer: Layer): LayerAccess;
}

export interface LongOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface PrepareOptions extends LongOptions {
  readonly parent?: string | null | undefined;
  readonly id?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** What is synced before a commit is announced. `data`: syncfs, so that no file is empty after a power loss. */
export type Durability = "none" | "data";

export interface CommitOptions extends LongOptions {
  readonly durability?: Durability | undefined;
  /** Compute the diff id now. */
  readonly diffId?: boolean | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface ApplyOptions extends PrepareOptions {
  readonly durability?: Durability | undefined;
  /** Keep what this user cannot store as counts in layer.json instead of failing with NOT_REPRESENTABLE. */
  readonly lossy?: boolean | undefined;
  /** CORRUPT if the archive's diff id is another. */
  readonly expectDiffId?: string | undefined;
}

export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface AppliedLayer {
  readonly layer: Layer;
  readonly diffId: string | null;
  readonly entries: number;
  readonly bytes: number;
  readonly lost: Readonly<Record<string, number>>;
  /** One example path a kind of loss. */
  readonly lostExamples: Readonly<Record<string, string>>;
}

export interface DiffOptions extends LongOptions {
  /**
   * The reader is done with a piece when it asks for the next one: a loop that writes or sums each. Two pieces of memory then do for the
   * whole layer, and it takes a quarter less CPU time, which else goes into collecting them. Not for streams (`Readable.from`), which
   * read ahead. Without it every piece is the reader's to keep.
   */
  readonly reuse?: boolean | undefined;
}

/** Reads once; stopping early frees everything. */
export interface LayerDiff extends AsyncIterable<Uint8Array> {
  /** Of the bytes; settles when the last one has been read. */
  readonly digest: Promise<string>;
  /** What the archive does not hold, or not as it was found: sockets, files that changed while they were read. */
  readonly notes: readonly DiffNote[];
}

export interface DiffNote {
  /** `socket`, `shrank`, `grew`, `vanished`, … */
  readonly kind: string;
  readonly path: string;
}

export interface ActiveLayer extends AsyncDisposable {
  readonly id: string;
  readonly layer: Layer;
  mount(options?: Omit<MountOptions, "mode">): Promise<MountHandle>;
  commit(options?: CommitOptions): Promise<Layer>;
}

/** Who a mount goes away with: `process` (swept when it is gone), `store` (stays until unmounted). */
export type MountOwner = "process" | "store";

export interface MountOptions {
  /** An existing directory outside the store's layers; without it one below `run/mnt/`. BAD_TARGET. */
  readonly target?: string | undefined;
  /** Default: `rw` for an active layer, `ro` for a committed one. */
  readonly mode?: MountMode | undefined;
  readonly owner?: MountOwner | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface UnmountOptions {
  readonly lazy?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface UnmountReport {
  /** Sentences for a person: the daemon behind the mount was dead, so what was not synced may be lost. Mostly empty. */
  readonly notes: readonly string[];
}

/** Disposing unmounts; an unmount that is refused throws MOUNT_BUSY from the dispose too. */
export interface MountHandle extends AsyncDisposable {
  readonly id: string;
  readonly mode: MountMode;
  /** Where the tree is: the target, or the layer's own directory when nothing could be mounted (plain-copy without rights). */
  readonly path: string;
  /** False when `path` is the layer's own directory. */
  readonly mounted: boolean;
  unmount(options?: UnmountOptions): Promise<UnmountReport>;
}

export interface MountState {
  readonly layer: string;
  /** Empty for a lent layer; the directory itself where that was handed out. */
  readonly target: string;
  readonly mode: MountMode;
  readonly owner: MountOwner | "lent";
  /**
   * `mounted`; `elsewhere`: in another mount namespace, or lent; `detached`: unmounted lazily and still used; `dead`: still
   * mounted, but the daemon that served it has died, so every access fails until it is unmounted; `intent`: a process is at it.
   */
  readonly state: "mounted" | "elsewhere" | "detached" | "dead" | "intent";
  readonly pid: number;
}

export interface CheckOptions extends LongOptions {
  /** Removes what is broken and can go: dead staging, stale records, trash; never a committed layer. */
  readonly repair?: boolean | undefined;
}

export interface CheckProblem {
  readonly layer: string | null;
  readonly path: string | null;
  /** `missing`, `size`, `content`, `type`, `parent-missing`, `bad-record`, `unknown-driver`, `content-id`, `staging`, `trash`, `mount-record`. */
  readonly kind: string;
  readonly message: string;
  readonly repaired: boolean;
}

export interface CheckReport {
  readonly layers: number;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly CheckProblem[];
}

export interface GcReport {
  readonly staging: number;
  readonly trash: number;
  readonly mountRecords: number;
  readonly bytes: number;
}
