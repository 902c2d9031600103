import { aborted, badStream } from "./bad-stream.ts";

/** A stream of bytes. A piece need only be good until the next one is asked for. */
export type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Pieces are joined up to this size: whatever comes after pays per piece. */
const TARGET_BYTES = 1 << 20;
/** From here on a piece is passed on as it is. */
const LARGE_BYTES = TARGET_BYTES / 4;
const EMPTY = Buffer.alloc(0);

interface ByteSourceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sees every byte once, in order, as it comes in. */
  readonly onBytes?: (bytes: Buffer) => void;
}

/**
 * A stream of bytes to take from: large pieces, looking ahead, putting back. The caller's iterator is returned when we
 * close, and an abort is not held up by an iterator that hangs.
 */
export class ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #source: Source;
  readonly #signal: AbortSignal | undefined;
  readonly #onBytes: ((bytes: Buffer) => void) | undefined;
  readonly #onAbort = () => this.#rejectPending?.(aborted(this.#signal!));
  #rejectPending: ((error: unknown) => void) | null = null;
  /** The iterator has been asked and has not answered; after an abort it may stay so. */
  #stepping = false;
  #buffered: Buffer = EMPTY;
  #done = false;

  constructor(source: Source, options: ByteSourceOptions = {}) {
    this.#source = source;
    this.#iterator =
      Symbol.asyncIterator in source
        ? source[Symbol.asyncIterator]()
        : (source as Iterable<Uint8Array>)[Symbol.iterator]();
    this.#signal = options.signal;
    this.#onBytes = options.onBytes;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** What is in memory already; may be empty. */
  get buffered(): Buffer {
    return this.#buffered;
  }

  /** The next piece; null at the end. */
  async next(): Promise<Buffer | null> {
    const buffered = this.#buffered;
    if (buffered.length === 0) return await this.#pull();
    this.#buffered = EMPTY;
    return buffered;
  }

  /** To the end; leaving the loop closes nothing. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (let bytes = await this.next(); bytes !== null; bytes = await this.next()) yield bytes;
  }

  /** Puts back what `next` gave and nobody used. */
  unread(bytes: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? bytes : Buffer.concat([bytes, this.#buffered]);
  }

  /** The next `count` bytes without taking them; fewer at the end. */
  async peek(count: number): Promise<Buffer> {
    while (this.#buffered.length < count) {
      // A copy: the source may use a piece's memory again once it is asked for more.
      const kept = Buffer.from(this.#buffered);
      const more = await this.#pull();
      if (more === null) {
        this.#buffered = kept;
        break;
      }
      this.#buffered = kept.length === 0 ? more : Buffer.concat([kept, more]);
    }
    return this.#buffered.subarray(0, count);
  }

  /** Exactly the next `count` bytes; BAD_ARCHIVE if there are fewer. */
  async take(count: number, what: string): Promise<Buffer> {
    const bytes = await this.peek(count);
    if (bytes.length < count) throw badStream(`the archive is truncated in ${what}`);
    this.skipBuffered(count);
    return bytes;
  }

  /** Of what is in memory. */
  skipBuffered(count: number): void {
    this.#buffered = this.#buffered.subarray(count);
  }

  /** Reads to the end, for the digest. */
  async drain(): Promise<void> {
    while ((await this.next()) !== null);
  }

  /** Ends the caller's stream; never throws. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    if (this.#done) return;
    this.#done = true;
    try {
      const returned = this.#iterator.return?.();
      if (returned instanceof Promise) returned.catch(() => {});
      // A generator in the middle of `next` would only return after it.
      if (!this.#stepping) await returned;
    } catch {
      // What made us close is the error to tell.
    }
    // The iterator of a Node stream does not close it while it waits for data, nor if it was never asked for any.
    if ("destroy" in this.#source && typeof this.#source.destroy === "function") this.#source.destroy();
  }

  async #pull(): Promise<Buffer | null> {
    const first = await this.#one();
    if (first === null || first.length >= LARGE_BYTES) return first;
    let joined = Buffer.allocUnsafe(Math.max(64 * 1024, first.length * 2));
    let length = first.copy(joined);
    while (length < TARGET_BYTES) {
      const piece = await this.#one();
      if (piece === null) break;
      if (length + piece.length > joined.length) {
        const larger = Buffer.allocUnsafe(Math.max(joined.length * 4, length + piece.length));
        joined.copy(larger, 0, 0, length);
        joined = larger;
      }
      length += piece.copy(joined, length);
    }
    return joined.subarray(0, length);
  }

  /** The next piece that is not empty. */
  async #one(): Promise<Buffer | null> {
    while (!this.#done) {
      if (this.#signal?.aborted) throw aborted(this.#signal);
      const { done, value } = await this.#step();
      if (done === true) {
        this.#done = true;
        break;
      }
      if (value.length === 0) continue;
      const piece = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      this.#onBytes?.(piece);
      return piece;
    }
    return null;
  }

  #step(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#stepping = false;
        this.#rejectPending = null;
      };
      this.#stepping = true;
      this.#rejectPending = reject;
      Promise.resolve(this.#iterator.next()).finally(settle).then(resolve, reject);
    });
  }
}
