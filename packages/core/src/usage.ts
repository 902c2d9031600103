/** Disk used by one layer itself, without its ancestors. */
export interface Usage {
  /** Allocated bytes (512 × st_blocks), each inode once. */
  readonly bytes: number;
  readonly inodes: number;
}
