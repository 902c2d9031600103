/**
 * Where things lie in a 512-byte header block.
 * POSIX: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 * GNU: https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export const BLOCK = 512;

export const NAME = 0;
export const NAME_LENGTH = 100;
export const MODE = 100;
export const UID = 108;
export const GID = 116;
export const ID_LENGTH = 8;
export const SIZE = 124;
export const MTIME = 136;
export const NUMBER_LENGTH = 12;
export const CHECKSUM = 148;
export const CHECKSUM_LENGTH = 8;
export const TYPE_FLAG = 156;
export const LINK_NAME = 157;
/** `ustar\0` `00`, or GNU's `ustar  \0`; nothing in the format of 7th Edition Unix. */
export const MAGIC = 257;
export const DEV_MAJOR = 329;
export const DEV_MINOR = 337;
export const PREFIX = 345;
export const PREFIX_LENGTH = 155;
/** star keeps access and change time where the prefix would end, and says so with `tar\0` at 508. */
export const STAR_PREFIX_LENGTH = 131;
export const STAR_TRAILER = 508;

/** Old GNU sparse files (type `S`): four pieces here, "more follow", the real size. */
export const GNU_SPARSE_MAP = 386;
export const GNU_SPARSE_MAP_LENGTH = 4;
export const GNU_SPARSE_MORE = 482;
export const GNU_REAL_SIZE = 483;
/** A block of more pieces, and its own "more follow". */
export const GNU_SPARSE_BLOCK_LENGTH = 21;
export const GNU_SPARSE_BLOCK_MORE = 504;

/** Zero bytes that follow `size` bytes of data to fill the last block. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
