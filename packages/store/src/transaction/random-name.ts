import { randomFillSync } from "node:crypto";

const NAME_BYTES = 8;
const pool = Buffer.alloc(128 * NAME_BYTES);
let next = pool.length;

/** 16 hex digits that nobody has had. Many are drawn at once: one draw costs as much as some system calls. */
export function randomName(): string {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  next += NAME_BYTES;
  return pool.toString("hex", next - NAME_BYTES, next);
}
