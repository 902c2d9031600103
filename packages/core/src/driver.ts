/**
 * The storage driver: the one interface this project is about. A newcomer starts here.
 *
 * ## Words
 *
 * A **layer** is a set of changes on top of its **parent** layer; a layer without a parent is a **base**. While it is
 * written it is **active**; `commit` makes it **committed**, and from then on it never changes. The **chain** of a layer
 * is the layer and its ancestors, nearest first. Looking at a whole chain as one tree gives the layer's **view**; mounting
 * it read-only is *a view*, mounting an active layer is writable.
 *
 * A union driver (overlay2, aufs) keeps only the changes of each layer, in the layer's **upper** directory, and has the
 * kernel merge the chain: the ancestors' directories are the **lowers**. Changing a file of a lower copies it to the upper
 * first (**copy-up**); deleting one leaves a **whiteout** there; replacing a directory makes the new one **opaque**. How
 * these two marks are spelt on disk is the driver's **dialect**. A full-copy driver (plain-copy) keeps every layer as a
 * whole tree and needs neither.
 *
 * ## Who does what
 *
 * A driver is small on purpose. It lays out a layer's body, says where the layer's own changes lie, and draws up the mount
 * of a chain as data. Everything else is the store's and is the same for every driver: staging and publishing, ids and
 * parents, locks and reference counts, mounting and its records, diff and apply, check and repair. So a driver never
 * renames a layer, never takes a lock, never mounts, and never writes outside the directory it was given.
 *
 * ## Lifecycle of a layer
 *
 * ```
 *   create ──► published (active) ──► plan("rw") … plan("rw") ──► seal ──► committed ──► plan("ro") …  ──► destroy
 *      │            in staging/, then renamed                                as parent of others
 *      └─ fails or is aborted: the staged directory is removed, nothing was ever visible
 * ```
 *
 * ## Three stories
 *
 * *A container starts.* The store makes `staging/x/`, calls `create({ dir: "staging/x/body" }, parent)`; overlay2 makes
 * `diff/` with the parent's root attributes and `work/`; plain-copy copies the parent's tree. The store writes
 * `layer.json`, syncs, renames to `layers/<id>`. Then it asks `plan(chain, "rw")`, writes an intent record, carries the plan
 * out, asks the driver's `verify` what it got, and completes the record.
 *
 * *An image layer is pulled.* The store calls `create(body, parent, { receive: true })`: the layer's content comes from a
 * tar, so plain-copy does not copy its parent now. The archive package extracts the tar straight into
 * `access(layer).dir` in its dialect; into a plain tree it then copies from the parent what the tar neither replaced nor
 * deleted. The store publishes the layer, committed.
 *
 * *Somebody asks what changed.* The store takes `access()` of each layer of the chain; the archive package reads those
 * directories as views, without a mount, and compares. Because an exported layer is a function of two views, drivers whose
 * views are equal export equal bytes.
 */
import type { Dialect, Layer } from "./layer.ts";
import type { MountPlan } from "./plan.ts";
import type { Directory, Finding, Host } from "./probe.ts";
import type { Profile } from "./profile.ts";
import type { Usage } from "./usage.ts";

/** Raised when a driver written for this interface could not be used by what was built for the version before. */
export const DRIVER_API_VERSION = 1;

/** All that a driver package exports (as `driver`, or as its default for `--driver-module`). */
export interface DriverModule {
  /** Stands in layer.json and on the command line: see isDriverName. */
  readonly name: string;
  /** The version of this interface it was written for, DRIVER_API_VERSION; 1 if nothing is said. A newer one is not loaded. */
  readonly apiVersion?: number;
  /** One sentence for `copyup probe`. */
  readonly summary: string;
  /** Version of what `create` lays out; stands in layer.json, and a store refuses a layer with an unknown one. */
  readonly bodyFormat: number;
  /**
   * `import.meta.url` of the module that exports it, so that another process can load it. The suite's checks of what a
   * killed process leaves behind need it.
   */
  readonly url?: string | undefined;

  /**
   * Can this driver keep its layers in `directory` on this host? Tries the real thing (a trial mount, a real whiteout)
   * below a fresh directory it makes in `directory.path` and removes again. A finding for each feature it needs, good ones
   * too; the driver works if every `required` finding is ok. Never throws for a host that cannot.
   */
  probe(directory: Directory, host: Host): Promise<Finding[]>;

  /**
   * What the driver promises and disclaims there. Depends on kernel × filesystem × user namespace, on nothing else.
   * The conformance suite proves each claim both ways: what is promised must hold, what is disclaimed must fail in the
   * documented way.
   */
  profile(directory: Directory, host: Host): Profile;

  /**
   * Opens the driver on a store's directories. Throws `DRIVER_UNSUPPORTED` with the probe's evidence when the host cannot
   * (`NEEDS_NAMESPACE` where only the right to mount is missing),
   * `BAD_OPTION` for unknown options.
   */
  open(directories: StoreDirectories, options: Readonly<Record<string, unknown>>): Promise<StorageDriver>;
}

export interface StoreDirectories {
  /** The store's root, resolved once (no symlink in it). */
  readonly root: string;
  /** Where the layers lie; a layer's body is `<layers>/<id>/body`. */
  readonly layers: string;
  /** On the same filesystem; what the driver leaves there is removed when the store is next opened. */
  readonly scratch: string;
}

/** A layer in the making: an empty directory inside `staging/`, renamed into place by the store when it is whole. */
export interface StagedBody {
  /** Absolute path of the empty directory the driver lays its body out in. It will be renamed: store no absolute path. */
  readonly dir: string;
}

export interface BodyOptions {
  /** The content is about to come from an archive or a tree: lay out an empty body, don't copy the parent's content. */
  readonly receive?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** What is being done, in the field's words: "copy", "extract", "diff", … */
  readonly phase: string;
  readonly entries: number;
  readonly bytes: number;
}

/** Where a layer's own content lies, and how it is written there. */
export interface LayerAccess {
  /** `upper`: changes against the parent, in `dialect`. `tree`: the whole view, no marks. */
  readonly kind: "upper" | "tree";
  /** Absolute path. */
  readonly dir: string;
  readonly dialect: Dialect;
  /**
   * For a tree that began as an exact copy of its parent's: when that copy was complete. What has not changed since need
   * not be read to know that it is equal.
   */
  readonly copied?: CopyStamp;
}

/** Taken right after a full copy, once the filesystem's clock has ticked (layers.md rule 8). */
export interface CopyStamp {
  /** Every inode with a later ctime is a candidate for a change. */
  readonly ctimeNs: bigint;
  /** Of the boot the copy was made in: after a reboot everything is compared. */
  readonly bootId: string;
  /** Real-time clock minus boot-time clock, ns; if it moved, somebody set the clock and everything is compared. */
  readonly clockOffsetNs: bigint;
  /**
   * Absolute path of the list of the copied directories: pairs of little-endian u64 (inode number, FNV-1a 64 of the path),
   * ascending by inode. A directory not in it at its path was moved there, so ctimes below it say nothing.
   */
  readonly directories: string;
}

export interface StorageDriver {
  readonly name: string;
  readonly bodyFormat: number;
  /** Largest number of ancestors a layer may have; null: no limit. The store refuses more with `TOO_MANY_LAYERS`. */
  readonly maxParents: number | null;
  /** How the layers it makes now are written. An older layer's dialect stands in its layer.json and may be another. */
  readonly dialect: Dialect;
  /** The dialect of a new layer on that parent, for a driver that can write several; without it: `dialect`. */
  dialectOn?(parent: Layer): Dialect;

  /**
   * Lays out a new layer in `body.dir`, so that its view equals the parent's view (or is an empty directory, mode 0755,
   * for a base). The root's mode, owner, xattrs and mtime are the parent's. Must fail, leaving anything behind only below
   * `body.dir`, with `NO_SPACE`, `NOT_REPRESENTABLE` (something of the parent cannot be kept here), or the signal's reason.
   */
  create(body: StagedBody, parent: Layer | null, options: BodyOptions): Promise<void>;

  /** Where the layer's content lies. Also for a layer still in staging. Does no I/O but reading the driver's own notes. */
  access(layer: Layer): LayerAccess;

  /**
   * The mount of a chain, nearest layer first, as data. Pure: no I/O, so that it can be explained on another host. `rw` is
   * asked for an active head only. Must fail with `TOO_MANY_LAYERS` where the kernel would, before the kernel does.
   */
  plan(chain: readonly Layer[], mode: MountMode): MountPlan;

  /** Before an active layer is committed: what must be finished in its body. It is not mounted. */
  seal?(layer: Layer): Promise<void>;

  /** After the mount: is it what was planned (writable, every lower there)? Throws `MOUNT_MISMATCH`; the store unmounts. */
  verify?(mounted: Mounted): Promise<void>;

  /**
   * Before the unmount, and before the changes of a mounted layer are read: brings into the upper what only the mount shows so
   * far. aufs makes its pseudo-links real here. The mount may go on being used.
   */
  beforeUnmount?(mounted: Mounted): Promise<void>;

  /**
   * Once nothing uses an active layer's upper any more, also where that is found out later: what the mount left in it that
   * only a mount needs. Must not throw for what the next mount, or `seal`, can do as well.
   */
  afterUnmount?(layer: Layer): Promise<void>;

  /**
   * Does a kernel object still use this layer's upper although no mount of it is visible (a lazy unmount with open files,
   * another mount namespace)? `null` where it cannot be told. Must leave the layer as it found it.
   */
  busy?(layer: Layer): Promise<boolean | null>;

  /** Before the body is removed: what rm cannot remove. Not needed by a driver whose body is plain files. */
  destroy?(layer: Layer): Promise<void>;

  /** Bytes and inodes of the layer itself, without its ancestors. Without it the store walks `access().dir`. */
  usage?(layer: Layer): Promise<Usage>;
}

export type MountMode = "rw" | "ro";

export interface Mounted {
  readonly chain: readonly Layer[];
  readonly mode: MountMode;
  readonly plan: MountPlan;
  /** Absolute path the plan was carried out at. */
  readonly target: string;
}
