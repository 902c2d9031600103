/** FNV-1a, 64 bits, of a latin1 path; the two halves into `out[0]` (low) and `out[1]`. */
export function hashPath(path: string, out: Uint32Array): void {
  // Offset basis cbf29ce484222325, prime 2^40 + 0x1b3.
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  for (let i = 0; i < path.length; i++) {
    low = (low ^ path.charCodeAt(i)) >>> 0;
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x1_0000_0000);
    high = (Math.imul(high, 0x1b3) + (low << 8) + carry) >>> 0;
    low = product >>> 0;
  }
  out[0] = low;
  out[1] = high;
}
