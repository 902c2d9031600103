import { badStream } from "./bad-stream.ts";

export type Compression = "none" | "gzip" | "zstd";

/** Bytes `detectCompression` looks at. */
export const MAGIC_BYTES = 6;

const ZSTD = 0xfd2f_b528;
const ZSTD_SKIPPABLE = 0x184d_2a50;

/** Compressions we do not read, and how to get rid of them. */
const OTHERS: readonly { readonly magic: string; readonly name: string; readonly tool: string }[] = [
  { magic: "425a68", name: "bzip2", tool: "bzip2 -dc" },
  { magic: "fd377a585a00", name: "xz", tool: "xz -dc" },
  { magic: "4c5a4950", name: "lzip", tool: "lzip -dc" },
  { magic: "04224d18", name: "lz4", tool: "lz4 -dc" },
  { magic: "1f9d", name: "compress", tool: "gzip -dc" },
  { magic: "504b0304", name: "zip", tool: "unzip and tar" },
];

/**
 * By the first bytes; a name's ending says nothing. A tar begins with a path, and none of these is one anybody uses.
 * BAD_ARCHIVE with a hint for bzip2, xz and the like.
 */
export function detectCompression(firstBytes: Uint8Array): Compression {
  const head = Buffer.from(firstBytes.subarray(0, MAGIC_BYTES));
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head.length >= 4 && (head.readUInt32LE(0) === ZSTD || isSkippable(head))) return "zstd";
  const hex = head.toString("hex");
  const other = OTHERS.find(({ magic }) => hex.startsWith(magic));
  if (other === undefined) return "none";
  const hint = `layers are plain, gzip or zstd: pipe it through ${other.tool}`;
  throw badStream(`the archive is compressed with ${other.name}`, hint);
}

/** zstd's frames of no content, of which pzstd writes one in front. */
export function isSkippable(head: Buffer): boolean {
  return (head.readUInt32LE(0) & ~0xf) >>> 0 === ZSTD_SKIPPABLE;
}

export function isZstd(head: Buffer): boolean {
  return head.readUInt32LE(0) === ZSTD;
}
