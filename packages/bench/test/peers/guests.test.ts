import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { inviteGuests } from "../../src/peers/guests.ts";
import type { Peer } from "../../src/peers/peer.ts";

const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-guests-"));
afterAll(() => rmSync(dir, { recursive: true }));
const nobody = () => Promise.reject(new Error("nobody asks for it"));
const room = { dir, env: {}, signal: new AbortController().signal, many: nobody, expected: nobody };

let opened = 0;
let closed = 0;
function peer(name: string, version: string | null, mount: (depth: number) => void): Peer {
  return {
    ...{ name, debianPackage: `${name}-package`, version: () => version },
    contestants: { mount: [`${name} overlay`] },
    fairness: { mount: `${name} is slow.` },
    open: async () => {
      opened++;
      return {
        mount: async (depth) => {
          mount(depth);
          return [{ name: `${name} overlay`, role: "peer", run: () => {} }];
        },
        close: async () => void closed++,
      };
    },
  };
}

test("who is not installed says what to install, who refuses says why, and the others go on", async () => {
  const refuses = peer("short", "short 2", (depth) => {
    if (depth > 128) throw new RangeError(`${depth} layers are too many`);
  });
  const guests = inviteGuests(room, [peer("away", null, () => {}), refuses, peer("there", "there 1", () => {})]);
  expect(guests.found?.installed).toEqual({ short: "short 2", there: "there 1" });
  expect(guests.found?.missing).toEqual({ away: "Debian package away-package" });
  expect(guests.fairness("mount")).toBe(" short is slow. there is slow.");
  const reasons = async (depth: number) =>
    (await guests.contestants("mount", (open) => open.mount?.(depth, 1))).map(({ name, absent }) => [name, absent]);
  expect(await reasons(500)).toEqual([
    ["away overlay", "not installed (Debian package away-package)"],
    ["short overlay", "cannot do it: 500 layers are too many"],
    ["there overlay", undefined],
  ]);
  expect((await reasons(10)).map(([, absent]) => absent)).toEqual([expect.anything(), undefined, undefined]);
  expect(await guests.contestants("copy", (open) => open.copy?.())).toEqual([]);
  await guests.close();
  expect([opened, closed]).toEqual([2, 2]);
});
