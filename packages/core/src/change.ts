export type FileType = "file" | "directory" | "symlink" | "char" | "block" | "fifo" | "socket";

/** One difference between a layer's view and its parent's. */
export interface Change {
  readonly kind: "add" | "modify" | "delete";
  /** Relative to the root, no leading slash, raw bytes (names need not be UTF-8); empty for the root itself. */
  readonly path: Uint8Array;
  /** Type in the layer's view; in the parent's for a deletion. */
  readonly type: FileType;
}
