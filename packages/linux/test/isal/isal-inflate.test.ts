import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findIsal, InflateError, type IsalInflate, isalInflate, OutputSlot } from "../../src/index.ts";

const found = findIsal();

test("without ISA-L the reason says what to install", () => {
  if ("absent" in found) expect(found.absent).toContain("libisal");
  else expect(isalInflate()).not.toBeNull();
});

describe.runIf("library" in found)("ISA-L", () => {
  const plain = Buffer.from(Array.from({ length: 300_000 }, (_, i) => 97 + (((i * i) >> 7) % 20)));
  const deflated = deflateRawSync(plain);

  /** All of a stream that comes in pieces of `size`; what is behind it too. */
  async function inflated(inflate: IsalInflate, bytes: Buffer, size: number, aside: boolean) {
    const slot = new OutputSlot(50_000);
    const parts: Buffer[] = [];
    inflate.begin();
    let at = 0;
    while (!inflate.ended) {
      inflate.feed(bytes.subarray(at, at + size));
      at += size;
      for (let made = slot.bytes.length; made === slot.bytes.length && !inflate.ended; ) {
        made = aside ? await inflate.runAside(slot) : inflate.run(slot);
        parts.push(Buffer.from(slot.bytes.subarray(0, made)));
      }
      if (at > bytes.length) break;
    }
    return { out: Buffer.concat(parts), rest: Buffer.concat([inflate.rest(), bytes.subarray(at)]) };
  }

  test.each([1, 2, 3, 5, 7, 8, 9, 1000, 1_000_000])(
    "gives back what follows a stream, in pieces of %d",
    async (size) => {
      const inflate = isalInflate()!;
      const follows = Buffer.from("and what follows it");
      for (const aside of [false, true]) {
        const { out, rest } = await inflated(inflate, Buffer.concat([deflated, follows]), size, aside);
        expect(out.equals(plain)).toBe(true);
        expect([rest.toString(), inflate.sum]).toEqual([follows.toString(), crc32(plain)]);
      }
    },
  );

  test("a damaged stream is an error, and the next one is not", async () => {
    const inflate = isalInflate()!;
    const bytes = Buffer.from(deflated);
    bytes.fill(0xff, 100, 200);
    await expect(inflated(inflate, bytes, 1 << 20, true)).rejects.toThrow(InflateError);
    await expect(inflated(inflate, Buffer.from([0x06]), 1, false)).rejects.toThrow("invalid block");
    expect((await inflated(inflate, deflated, 1 << 20, true)).out.equals(plain)).toBe(true);
  });

  test("runs once at a time", async () => {
    const inflate = isalInflate()!;
    inflate.begin();
    inflate.feed(deflated);
    const running = inflate.runAside(new OutputSlot(1000));
    expect(() => inflate.runAside(new OutputSlot(1000))).toThrow("once at a time");
    expect(await running).toBe(1000);
  });
});
