import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { chainIdAbove } from "../../src/graph/chain-id.ts";

const a = `sha256:${"a".repeat(64)}`;
const b = `sha256:${"b".repeat(64)}`;
const c = `sha256:${"c".repeat(64)}`;
const sha = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

it("follows OCI's definition", () => {
  // image-spec config.md: ChainID(L0) = DiffID(L0); ChainID(L0|...|Ln) = Digest(ChainID(L0|...|Ln-1) + " " + DiffID(Ln))
  const base = chainIdAbove(undefined, a);
  expect(base).toBe(a);
  const second = chainIdAbove(base, b);
  expect(second).toBe(sha(`${a} ${b}`));
  expect(chainIdAbove(second, c)).toBe(sha(`${sha(`${a} ${b}`)} ${c}`));
});

it("is unknown where a diff id of the chain is", () => {
  expect(chainIdAbove(undefined, null)).toBeNull();
  expect(chainIdAbove(null, a)).toBeNull();
  expect(chainIdAbove(a, null)).toBeNull();
});
