import { koffi } from "./koffi.ts";

/**
 * Buffers whose raw addresses are handed to the kernel. They are kept in a registry for the life of the process: V8 collects
 * even a module-level const after its last named use, and the kernel then reads freed memory (seen: openat2 answered EINVAL
 * after about 2,000 files until its argument was pinned).
 */
const pinned: Buffer[] = [];

export interface Pinned {
  readonly buffer: Buffer;
  /** Address of the buffer's first byte. */
  readonly ptr: number;
}

class PinnedMemory implements Pinned {
  readonly buffer: Buffer;
  #ptr = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  // Asked for at the first use, which loads the FFI.
  get ptr(): number {
    if (this.#ptr === 0) this.#ptr = addressOf(this.buffer);
    return this.#ptr;
  }
}

/** Memory that stays where it is until the process ends. Allocate a few large pieces and reuse them. */
export function pin(bytes: number): Pinned {
  const memory = new PinnedMemory(Buffer.from(new ArrayBuffer(bytes)));
  pinned.push(memory.buffer);
  return memory;
}

/** The address is valid only while the caller keeps `buffer` referenced and in use. */
export function addressOf(buffer: Uint8Array): number {
  return Number(koffi().address(buffer));
}

/** A path or name argument: a string is UTF-8, bytes are taken as they are. */
export type PathArgument = string | Uint8Array;

const RING_BYTES = 256 * 1024;
const ARGUMENT_MAX = 16 * 1024;
const ring = pin(RING_BYTES);
let next = 0;

function reserve(bytes: number): number {
  if (bytes > ARGUMENT_MAX) throw new RangeError(`argument of ${bytes} bytes`);
  if (next + bytes > RING_BYTES) next = 0;
  const at = next;
  next += bytes;
  return at;
}

/**
 * Address of a NUL-terminated copy of the argument, good until some dozens of further arguments were made.
 * Throws RangeError for an argument with a NUL inside or over 16 KiB.
 */
export function cstring(argument: PathArgument): number {
  if (typeof argument !== "string") {
    const at = reserve(argument.length + 1);
    ring.buffer.set(argument, at);
    return terminate(at, argument.length);
  }
  const at = reserve(argument.length + 1);
  if (copyAscii(argument, at)) return ring.ptr + at;
  const length = Buffer.byteLength(argument);
  const wide = reserve(length + 1);
  ring.buffer.write(argument, wide);
  return terminate(wide, length);
}

/** False where it is more than ASCII. Most paths are not: two native calls cost more than this loop. */
function copyAscii(text: string, at: number): boolean {
  const { length } = text;
  const { buffer } = ring;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return false;
    if (code === 0) throw new RangeError("argument holds a NUL byte");
    buffer[at + i] = code;
  }
  buffer[at + length] = 0;
  return true;
}

/**
 * The same for a name kept as a latin1 string: one character a byte. Directory listings are kept so because `<` on such
 * strings compares bytes, and they cost a third of a Buffer.
 */
export function cstringOfBytes(name: string): number {
  const { length } = name;
  const at = reserve(length + 1);
  const { buffer } = ring;
  // Names are short: two native calls cost more than this loop.
  for (let i = 0; i < length; i++) {
    const byte = name.charCodeAt(i);
    if (byte === 0) throw new RangeError("argument holds a NUL byte");
    buffer[at + i] = byte;
  }
  buffer[at + length] = 0;
  return ring.ptr + at;
}

function terminate(at: number, length: number): number {
  ring.buffer[at + length] = 0;
  if (ring.buffer.indexOf(0, at) !== at + length) throw new RangeError("argument holds a NUL byte");
  return ring.ptr + at;
}
