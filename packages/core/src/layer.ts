/** How deletions and replaced directories are written in a layer's directory. Stands in layer.json. */
export type Dialect =
  /** Kernel overlay as root: whiteout `c 0:0`, opaque `trusted.overlay.opaque=y`. */
  | "overlay-trusted"
  /** Kernel overlay mounted with `userxattr`, in a user namespace: whiteout `c 0:0`, opaque `user.overlay.opaque=y`. */
  | "overlay-user"
  /** AUFS: whiteout `.wh.NAME`, opaque `.wh..wh..opq` in the directory. */
  | "aufs"
  /**
   * fuse-overlayfs: whiteout `c 0:0` or `.wh.NAME`, opaque by `.wh..wh..opq` in the directory or by an xattr of its own or of
   * overlay's; it reads them all, and no name that begins with `.wh.` is shown.
   */
  | "fuse-overlayfs"
  /** A whole tree: nothing is marked, what is not there is not there. */
  | "tree";

export type LayerState = "active" | "committed";

/** A layer as the store knows it. Read from `layer.json`; immutable, a new object after each change. */
export interface Layer {
  readonly id: string;
  /** The parent's id, null for a base. */
  readonly parent: string | null;
  readonly state: LayerState;
  /** Name of the driver that wrote the body, and the version of its layout. */
  readonly driver: string;
  readonly bodyFormat: number;
  readonly dialect: Dialect;
  /** Absolute path of the driver's directory of this layer. */
  readonly body: string;
  /**
   * `sha256:…` of the uncompressed archive the layer was applied from; for a layer made here, of its canonical archive,
   * null until the first diff (or `commit({ diffId: true })`).
   */
  readonly diffId: string | null;
  /** `sha256:…` of the canonical archive (layers.md), null until it was computed. */
  readonly contentId: string | null;
  /** OCI chain id: identifies the view by the diff ids of the whole chain; null while any of them is null. */
  readonly chainId: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** What a lossy apply or import could not keep, counted by kind; empty for a true layer. */
  readonly lost: Readonly<Record<string, number>>;
}
