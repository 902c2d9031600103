const PAGE_BYTES = 1 << 16;
const LENGTH_BYTES = 2;

/**
 * Latin1 texts of up to 65,534 bytes in pages outside the heap of JavaScript, where each costs its bytes and two: no object, and
 * no room that waits for a collection. A page is given up when all its texts are.
 */
export class TextHeap {
  readonly #pages: (Buffer | null)[] = [];
  /** Texts in each page. */
  readonly #live: number[] = [];
  /** Pages given up, whose numbers are used again. */
  readonly #free: number[] = [];
  #page = -1;
  #end = PAGE_BYTES;

  /** Where it is. Throws RangeError if it is too long. */
  put(text: string): number {
    const bytes = LENGTH_BYTES + text.length;
    if (bytes > PAGE_BYTES) throw new RangeError(`a text of ${text.length} bytes`);
    if (this.#end + bytes > PAGE_BYTES) this.#begin();
    const page = this.#pages[this.#page]!;
    const at = this.#end;
    page.writeUInt16LE(text.length, at);
    page.write(text, at + LENGTH_BYTES, "latin1");
    this.#end += bytes;
    this.#live[this.#page]!++;
    return this.#page * PAGE_BYTES + at;
  }

  get(where: number): string {
    const page = this.#pages[Math.floor(where / PAGE_BYTES)]!;
    const at = where % PAGE_BYTES;
    const start = at + LENGTH_BYTES;
    return page.toString("latin1", start, start + page.readUInt16LE(at));
  }

  free(where: number): void {
    const page = Math.floor(where / PAGE_BYTES);
    if (--this.#live[page]! === 0 && page !== this.#page) this.#giveUp(page);
  }

  #begin(): void {
    if (this.#page >= 0 && this.#live[this.#page] === 0) this.#giveUp(this.#page);
    this.#page = this.#free.pop() ?? this.#pages.length;
    this.#pages[this.#page] = Buffer.allocUnsafeSlow(PAGE_BYTES);
    this.#live[this.#page] = 0;
    this.#end = 0;
  }

  #giveUp(page: number): void {
    this.#pages[page] = null;
    this.#free.push(page);
  }
}
