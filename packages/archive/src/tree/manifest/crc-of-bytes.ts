import { crc32 } from "node:zlib";
import { isalCrc32 } from "@copyup/linux";
import { gzipCodec } from "../../compress/index.ts";

/** CRC-32 of `bytes[offset, offset + length)`, which lie at `address`, going on from that of what comes before. */
export type CrcOfBytes = (crc: number, bytes: Buffer, offset: number, length: number, address: number) => number;

/** By what reads gzip here: the choice and its reason are one (docs/decisions/0098). */
export function crcOfBytes(): CrcOfBytes {
  const isal = gzipCodec().codec === "isa-l" ? isalCrc32() : null;
  return isal === null ? byZlib : (crc, _bytes, _offset, length, address) => isal(crc, address, length);
}

const byZlib: CrcOfBytes = (crc, bytes, offset, length) => crc32(bytes.subarray(offset, offset + length), crc);
