/** Bounds against hostile archives. Reaching one is LIMIT_EXCEEDED. */
export interface ReadLimits {
  /** Members of one archive. The largest images seen have one to two million. */
  readonly maxEntries: number;
  /** Of a normalised path or link text. PATH_MAX is 4096 with its NUL. */
  readonly maxPathBytes: number;
  /** Of one component of a path. NAME_MAX. */
  readonly maxNameBytes: number;
  /** Of one extended header or GNU long name, held in memory. Go's archive/tar has the same limit. */
  readonly maxPaxBytes: number;
  /** Of one xattr's value. XATTR_SIZE_MAX. */
  readonly maxXattrBytes: number;
  /** Of one entry's xattr names, each with a NUL. XATTR_LIST_MAX: beyond it listxattr(2) fails with E2BIG. */
  readonly maxXattrListBytes: number;
  /** Pieces of one sparse file, held in memory. */
  readonly maxSparseSegments: number;
  /** All files' sizes together, holes included. */
  readonly maxContentBytes: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = {
  maxEntries: 10_000_000,
  maxPathBytes: 4095,
  maxNameBytes: 255,
  maxPaxBytes: 1 << 20,
  maxXattrBytes: 65_536,
  maxXattrListBytes: 65_536,
  maxSparseSegments: 1_000_000,
  maxContentBytes: Number.MAX_SAFE_INTEGER,
};
