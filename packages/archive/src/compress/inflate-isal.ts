import { InflateError, type IsalInflate, OutputSlot } from "@copyup/linux";
import type { ByteSource } from "./byte-source.ts";
import { damagedGzip, type Inflate } from "./inflate.ts";
import { OUTPUT_BYTES } from "./pump.ts";

/**
 * Deflate streams by ISA-L. While one slot's bytes are hashed and written here, the next are inflated in libuv's pool; of
 * small members only when they are asked for, since a turn of the pool costs more than they do.
 */
export class IsalDeflateStreams implements Inflate {
  readonly #source: ByteSource;
  readonly #isal: IsalInflate;
  readonly #slots = [new OutputSlot(OUTPUT_BYTES), new OutputSlot(OUTPUT_BYTES)] as const;
  #turn = 0;

  constructor(source: ByteSource, isal: IsalInflate) {
    this.#source = source;
    this.#isal = isal;
  }

  get sum(): number {
    return this.#isal.sum;
  }

  async *member(small: boolean): AsyncGenerator<Buffer> {
    this.#isal.begin();
    let left = false;
    const isLeft = () => left;
    let hungry = true;
    const step = async (): Promise<Buffer> => {
      this.#turn ^= 1;
      const slot = this.#slots[this.#turn]!;
      for (;;) {
        if (hungry) await this.#feed(isLeft);
        const length = small ? this.#isal.run(slot) : await this.#isal.runAside(slot);
        hungry = length < slot.bytes.length;
        if (length > 0 || this.#isal.ended) return slot.bytes.subarray(0, length);
      }
    };
    try {
      let next: Promise<Buffer> | null = step();
      while (next !== null) {
        const bytes: Buffer = await next;
        const ended = this.#isal.ended;
        // Not while the consumer works on a piece that is a small member's only one.
        next = ended || small ? null : step();
        // If the consumer leaves, nobody will ask.
        next?.catch(() => {});
        if (bytes.length > 0) yield bytes;
        if (small && !ended) next = step();
      }
      this.#source.unread(this.#isal.rest());
    } catch (error) {
      throw error instanceof InflateError ? damagedGzip(error) : error;
    } finally {
      left = true;
    }
  }

  async #feed(isLeft: () => boolean): Promise<void> {
    const input = await this.#source.next();
    if (isLeft()) throw new Error("the consumer has left");
    if (input === null) throw damagedGzip(new Error("unexpected end of file"));
    this.#isal.feed(input);
  }
}
