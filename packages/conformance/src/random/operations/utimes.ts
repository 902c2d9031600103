import { setMtimeAt } from "@copyup/linux";
import fc from "fast-check";
import type { Utimes } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { existing } from "../wish.ts";

/** A second, a nanosecond, before 1970, after 2038. Never near now: a time set on purpose must differ from one made by a write. */
const TIMES = [1_000_000_000_000_000_000n, 981_173_106_123_456_789n, 1n, -1_500_000_000n, 4_000_000_000_999_999_999n];

export const utimes: Operation<Utimes> = {
  name: "utimes",
  generate: () => fc.record({ do: fc.constant("utimes"), at: existing, mtimeNs: fc.constantFrom(...TIMES) }),
  run(ground, { at, mtimeNs }) {
    const [seconds, nanoseconds] = split(mtimeNs);
    setMtimeAt(ground.fd, ground.at(at), seconds, nanoseconds);
  },
  writes: ({ at }) => [at],
  tell: ({ at, mtimeNs }, path) => `utimes ${path(at)} ${mtimeNs} ns`,
  shell({ at, mtimeNs }, path) {
    const [seconds, nanoseconds] = split(mtimeNs);
    const when = new Date(seconds * 1000).toISOString().replace(/\.000Z$/, `.${String(nanoseconds).padStart(9, "0")}Z`);
    return `touch -h -c -m -d ${when} ${path(at)}`;
  },
};

/** As utimensat takes it: nanoseconds count forward from the second, before 1970 too. */
export function split(ns: bigint): [seconds: number, nanoseconds: number] {
  const rest = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return [Number((ns - rest) / 1_000_000_000n), Number(rest)];
}
