import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AT_FDCWD, filePieces, O_RDONLY, openAt } from "../../src/index.ts";

function fileOf(bytes: Buffer): number {
  const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-pieces-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(`${dir}/f`, bytes);
  return openAt(AT_FDCWD, `${dir}/f`, O_RDONLY);
}

test.each([0, 1, 256 * 1024, 256 * 1024 + 1, 1_000_000])("a file of %d bytes, then it is closed", (length) => {
  const bytes = Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
  const before = readdirSync("/proc/self/fd").length;
  const copies = Array.from(filePieces(fileOf(bytes)), (piece) => Buffer.from(piece));
  expect(Buffer.concat(copies).equals(bytes)).toBe(true);
  expect(readdirSync("/proc/self/fd").length).toBe(before);
});

test("it is closed too by who stops early", () => {
  const before = readdirSync("/proc/self/fd").length;
  for (const piece of filePieces(fileOf(Buffer.alloc(1_000_000)))) {
    expect(piece.length).toBe(256 * 1024);
    break;
  }
  expect(readdirSync("/proc/self/fd").length).toBe(before);
});
