import { findIsal } from "./isal-inflate.ts";

/** The CRC-32 of so many bytes at an address, going on from the one of what comes before (0: nothing). */
export type Crc32At = (crc: number, address: number, bytes: number) => number;

/** Null where there is no ISA-L. For 4 KiB it takes a third of what zlib takes (docs/decisions/0098). */
export function isalCrc32(): Crc32At | null {
  const found = findIsal();
  return "library" in found ? found.library.crc32 : null;
}
