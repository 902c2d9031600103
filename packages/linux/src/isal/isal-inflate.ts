import { crc32 } from "node:zlib";
import { addressOf } from "../ffi/memory.ts";
import { type IsalFound, type IsalLibrary, isalLibrary, sample } from "./isal-library.ts";

/** `struct inflate_state` of igzip_lib.h: the same from 2.24 to 2.32, whose soname is libisal.so.2. */
const STATE_BYTES = 87_368;
const NEXT_OUT = 0;
const AVAIL_OUT = 8;
const NEXT_IN = 16;
const AVAIL_IN = 32;
const READ_IN_LENGTH = 36;
const BLOCK_STATE = 21_160;
const CRC_FLAG = 21_172;
const CRC = 21_176;
const BLOCK_FINISH = 5;
/** A deflate stream without a header, and the CRC-32 of what comes out. */
const GZIP_NO_HEADER = 2;
/** It reads ahead by a register's width. */
const READ_AHEAD = 8;

const FAILURES: Readonly<Record<number, string>> = {
  [-1]: "invalid block",
  [-2]: "invalid symbol",
  [-3]: "invalid distance too far back",
};

/** The stream is damaged. */
export class InflateError extends Error {
  override readonly name = "InflateError";
}

/** Memory for output, and its address. */
export class OutputSlot {
  readonly bytes: Buffer;
  readonly address: number;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.address = addressOf(this.bytes);
  }
}

/** Inflates deflate streams, one after another, by ISA-L. */
export class IsalInflate {
  readonly #library: IsalLibrary;
  readonly #state = Buffer.allocUnsafeSlow(STATE_BYTES);
  readonly #stateAt = addressOf(this.#state);
  #input: Buffer = Buffer.alloc(0);
  #inputAt = 0;
  /** The last bytes of the inputs before this one: some of them may be given back. */
  #before: Buffer = Buffer.alloc(0);
  #slot: OutputSlot | null = null;
  #running = false;

  constructor(library: IsalLibrary) {
    this.#library = library;
    this.#state.fill(0);
  }

  /** Begins a stream. */
  begin(): void {
    this.#library.reset(this.#stateAt);
    this.#state.writeUInt32LE(GZIP_NO_HEADER, CRC_FLAG);
    this.#state.writeUInt32LE(0, AVAIL_IN);
    this.#input = this.#before = Buffer.alloc(0);
  }

  /** The next input, when the one before is used up. It must stay as it is until it is, or the stream has ended. */
  feed(input: Buffer): void {
    // A copy: the memory of an input that is used up may be used again.
    this.#before = Buffer.concat([this.#before, this.#input.subarray(-READ_AHEAD)]).subarray(-READ_AHEAD);
    this.#input = input;
    this.#inputAt = addressOf(input);
    this.#writePointer(NEXT_IN, this.#inputAt);
    this.#state.writeUInt32LE(input.length, AVAIL_IN);
  }

  get ended(): boolean {
    return this.#state.readUInt32LE(BLOCK_STATE) === BLOCK_FINISH;
  }

  /** CRC-32 of all that came out. */
  get sum(): number {
    return this.#state.readUInt32LE(CRC);
  }

  /** Fills the slot; the number of bytes. Fewer than there is room for: the stream has ended, or wants input. Throws InflateError. */
  run(slot: OutputSlot): number {
    this.#prepare(slot);
    return this.#finish(this.#library.inflate(this.#stateAt));
  }

  /** The same in libuv's pool. One at a time. */
  runAside(slot: OutputSlot): Promise<number> {
    if (this.#running) throw new Error("an inflater runs once at a time");
    this.#prepare(slot);
    this.#running = true;
    return new Promise((resolve, reject) => {
      this.#library.inflate.async(this.#stateAt, (error: unknown, result: number) => {
        this.#running = false;
        try {
          if (error) throw error;
          resolve(this.#finish(result));
        } catch (failure) {
          reject(failure as Error);
        }
      });
    });
  }

  /** Once the stream has ended: what of the input it does not own. */
  rest(): Buffer {
    // Up to 2.32.0 what was read ahead stays in a register, later it is given back.
    const ahead = this.#state.readInt32LE(READ_IN_LENGTH) >> 3;
    const count = this.#state.readUInt32LE(AVAIL_IN) + Math.max(ahead, 0);
    if (count <= this.#input.length) return this.#input.subarray(this.#input.length - count);
    return Buffer.concat([this.#before.subarray(this.#input.length - count), this.#input]);
  }

  #prepare(slot: OutputSlot): void {
    this.#slot = slot;
    this.#writePointer(NEXT_OUT, slot.address);
    this.#state.writeUInt32LE(slot.bytes.length, AVAIL_OUT);
  }

  #finish(result: number): number {
    if (result < 0) throw new InflateError(FAILURES[result] ?? `error ${result} of isal_inflate`);
    return this.#slot!.bytes.length - this.#state.readUInt32LE(AVAIL_OUT);
  }

  #writePointer(at: number, address: number): void {
    this.#state.writeUInt32LE(address >>> 0, at);
    this.#state.writeUInt32LE(Math.floor(address / 2 ** 32), at + 4);
  }
}

/** Null where there is no ISA-L that does what it should. */
export function isalInflate(): IsalInflate | null {
  const found = findIsal();
  return "library" in found ? new IsalInflate(found.library) : null;
}

/** Whether there is an ISA-L, or why not. */
export function findIsal(): IsalFound {
  return isalLibrary(prove);
}

function prove(library: IsalLibrary): void {
  const { plain, deflated } = sample();
  const follows = Buffer.from("what follows");
  const inflate = new IsalInflate(library);
  const slot = new OutputSlot(16 * 1024);
  const out: Buffer[] = [];
  // Ends within what is read ahead of the stream's end, so that what is given back comes from two inputs.
  const cut = deflated.length - 2;
  inflate.begin();
  for (const input of [
    deflated.subarray(0, 1000),
    deflated.subarray(1000, cut),
    Buffer.concat([deflated.subarray(cut), follows]),
  ]) {
    inflate.feed(input);
    for (let made = slot.bytes.length; made === slot.bytes.length && !inflate.ended; ) {
      made = inflate.run(slot);
      out.push(Buffer.from(slot.bytes.subarray(0, made)));
    }
  }
  if (!inflate.ended || inflate.sum !== crc32(plain) || !Buffer.concat(out).equals(plain))
    throw new Error("wrong output");
  if (!inflate.rest().equals(follows)) throw new Error("wrong end");
  if (library.crc32(0, addressOf(plain), plain.length) !== crc32(plain)) throw new Error("wrong sum");
}
