/** What lies around a tar: compression by magic, digests of both forms. Streams in, streams out; no files, no sockets. */

export type { Source } from "./byte-source.ts";
export { compress } from "./compress.ts";
export { type Compression, detectCompression, MAGIC_BYTES } from "./detect.ts";
export { type GzipCodec, type GzipCodecChoice, gzipCodec } from "./gzip-codec.ts";
export { openPlain, type PlainStream } from "./open-plain.ts";
export { type Sha256, sha256 } from "./sha256.ts";
