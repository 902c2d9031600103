import { deflateRawSync } from "node:zlib";
import { koffi } from "../ffi/koffi.ts";

const SONAME = "libisal.so.2";

type Koffi = ReturnType<typeof koffi>;
type NativeFunction = ReturnType<ReturnType<Koffi["load"]>["func"]>;

/** The calls that are needed; `inflate` also runs in libuv's pool, as `inflate.async`. */
export interface IsalLibrary {
  readonly reset: (state: number) => void;
  readonly inflate: NativeFunction;
  /** The CRC-32 of gzip (crc.h), going on from one. */
  readonly crc32: (crc: number, address: number, bytes: number) => number;
}

export type IsalFound = { readonly library: IsalLibrary } | { readonly absent: string };

let found: IsalFound | undefined;

/**
 * ISA-L, where the dynamic linker finds it. It is no dependency: without it gzip is read by node:zlib, at twice the CPU time
 * (docs/decisions/0076). `proof` inflates something with it and throws if it does not do as its header file says: the layout of
 * its state is known here by numbers.
 */
export function isalLibrary(proof: (library: IsalLibrary) => void): IsalFound {
  found ??= find(proof);
  return found;
}

function find(proof: (library: IsalLibrary) => void): IsalFound {
  // The numbers are those of little-endian hosts with 64-bit pointers, for which it has its fast code.
  if (process.arch !== "x64" && process.arch !== "arm64") return { absent: `not used on ${process.arch}` };
  let library: IsalLibrary;
  try {
    const handle = koffi().load(SONAME);
    library = {
      reset: handle.func("void isal_inflate_reset(size_t state)"),
      inflate: handle.func("int isal_inflate(size_t state)"),
      crc32: handle.func("uint32_t crc32_gzip_refl(uint32_t crc, size_t address, size_t bytes)"),
    };
  } catch {
    return { absent: `${SONAME} is not installed (Debian package libisal2)` };
  }
  try {
    proof(library);
    return { library };
  } catch (error) {
    return { absent: `${SONAME} is of another make: ${(error as Error).message}` };
  }
}

/** What the proof is done with: dynamic codes, references far back, some pieces of output. A millisecond's worth. */
export function sample(): { readonly plain: Buffer; readonly deflated: Buffer } {
  const plain = Buffer.alloc(40_000);
  for (let i = 0, state = 1; i < plain.length; i++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    plain[i] = 97 + ((state >>> 16) % 17);
  }
  plain.copyWithin(34_000, 3_000, 8_000);
  return { plain, deflated: deflateRawSync(plain, { level: 1 }) };
}
