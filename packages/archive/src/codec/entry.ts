/** An extended attribute. Both halves are raw bytes: names need not be UTF-8 and values are often binary. */
export interface Xattr {
  readonly name: Buffer;
  readonly value: Buffer;
}

export type EntryType = "file" | "hardlink" | "symlink" | "char" | "block" | "directory" | "fifo";

/** One member of a tar, whatever dialect it was written in. Its Buffers are its own: it may be kept. */
export interface TarEntry {
  /**
   * Raw bytes, relative: leading `/` and `./` and a trailing `/` removed, `//` and `/./` collapsed, `.` itself empty.
   * `..` components are left in: whoever extracts refuses them, where the reader of the message sees the entry.
   */
  path: Buffer;
  type: EntryType;
  /** 0..0o7777. Where there is an access ACL its permissions, which is what the kernel shows. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes that `data` and `hole` together will deliver; 0 for all but files. */
  size: number;
  /** Floor of the time in seconds, so negative before 1970. */
  mtimeSec: number;
  /** 0..999_999_999, counted up from `mtimeSec`, also when that is negative: -0.5 s is -1 and 500_000_000. */
  mtimeNsec: number;
  /** Symlink: the raw text. Hard link: the target, normalised like `path`. Else empty. */
  linkPath: Buffer;
  /** 0 for all but char and block. */
  devMajor: number;
  devMinor: number;
  /** Sorted by name bytes, no name twice. */
  xattrs: Xattr[];
}

/** What a TarReader tells, synchronously, in the archive's order. An exception thrown here comes out of `write`. */
export interface TarHandler {
  entry(entry: TarEntry): void;
  /** The next bytes of the current file: a piece of the chunk that was written, valid only during the call. */
  data(chunk: Buffer, offset: number, length: number): void;
  /**
   * The next bytes of the current file are `length` zeros that the archive does not store. Without this method archives
   * with sparse files are refused, never expanded: a map of 100 bytes can stand for a terabyte.
   */
  hole?(length: number): void;
  /** After the last byte of each entry, also of those without data. */
  endEntry?(): void;
}
