import { addressOf } from "../ffi/memory.ts";

/** `char *[]`, ended by a null pointer; the buffers must be kept referenced while the address is used. */
export function stringArray(strings: readonly string[]): { address: number; text: Buffer; pointers: Buffer } {
  const text = Buffer.from(strings.map((string) => `${string}\0`).join(""));
  const pointers = Buffer.alloc(8 * (strings.length + 1));
  let at = addressOf(text);
  strings.forEach((string, i) => {
    pointers.writeBigUInt64LE(BigInt(at), 8 * i);
    at += Buffer.byteLength(string) + 1;
  });
  return { address: addressOf(pointers), text, pointers };
}
