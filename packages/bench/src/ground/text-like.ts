const WORDS = 4096;
const CONSONANTS = "bcdfghklmnprstvw";
const VOWELS = "aeiou";

/** Numbers that look random and are the same every time (xorshift, Marsaglia 2003). */
function numbers(): (below: number) => number {
  let state = 0x2545_f491;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/**
 * Bytes that compress about three to one, as what is in images does: words of a vocabulary, few of them often, with a number now
 * and then. The same every time.
 */
export function textLike(length: number): Buffer {
  const number = numbers();
  const words = Array.from({ length: WORDS }, () => {
    let word = "";
    for (let i = 1 + number(4); i > 0; i--) word += CONSONANTS[number(16)]! + VOWELS[number(5)]!;
    return Buffer.from(word);
  });
  const bytes = Buffer.allocUnsafe(length + 64);
  let at = 0;
  while (at < length) {
    // The product of two: low numbers are many.
    const word = words[(number(WORDS) * number(WORDS)) >>> 12]!;
    word.copy(bytes, at);
    at += word.length;
    const next = number(32);
    if (next === 0) at += bytes.write(` ${number(100_000)}`, at, "latin1");
    bytes[at++] = next < 4 ? 0x0a : 0x20;
  }
  return bytes.subarray(0, length);
}

/** Pieces of one text, one after another; what is in one comes again 8 MB later, which no compressor at its usual level remembers. */
export class TextPieces {
  readonly #text = textLike(8 << 20);
  #at = 0;

  /** Up to 1 MB. Good until the next is asked for. */
  take(length: number): Buffer {
    if (this.#at + length > this.#text.length) this.#at = 0;
    const piece = this.#text.subarray(this.#at, this.#at + length);
    this.#at += length;
    return piece;
  }
}
