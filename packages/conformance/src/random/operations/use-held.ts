import { createHash } from "node:crypto";
import { fstatSync, readSync, writeSync } from "node:fs";
import { EBADF } from "@copyup/linux";
import fc from "fast-check";
import { fill, slot } from "../arguments.ts";
import type { UseHeld } from "../edit.ts";
import { refuse } from "../errno.ts";
import type { Operation } from "../operation.ts";

/** Writes through a held descriptor if it may, and tells what it reads. */
export const useHeld: Operation<UseHeld> = {
  name: "use-held",
  generate: () => fc.record({ do: fc.constant("use-held"), slot, fill }),
  run(ground, { slot, fill }) {
    const held = ground.held.get(slot) ?? refuse(EBADF, "read");
    if (held.writable) writeSync(held.fd, fill.repeat(4), 1);
    const bytes = Buffer.alloc(fstatSync(held.fd).size);
    const got = readSync(held.fd, bytes, 0, bytes.length, 0);
    const digest = createHash("sha256").update(bytes.subarray(0, got)).digest("hex").slice(0, 8);
    return `${got} bytes ${digest}`;
  },
  writes: () => [],
  tell: ({ slot, fill }) => `write "${fill}" to descriptor ${slot} and read it`,
  shell: ({ slot, fill }) => `held ${slot + 5} ${fill.repeat(4)}`,
};
