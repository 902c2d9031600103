/** The tar codec: bytes to entries and back. Pure: no I/O, no clock, no user database. */
export { END_OF_ARCHIVE, encodeHeader, headerSize } from "./encode-header.ts";
export type { EntryType, TarEntry, TarHandler, Xattr } from "./entry.ts";
export { DEFAULT_READ_LIMITS, type ReadLimits } from "./limits.ts";
export { TarReader } from "./reader.ts";
export { padding } from "./ustar-layout.ts";
