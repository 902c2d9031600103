import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeFingerprint } from "../../src/matrix/code-fingerprint.ts";
import { scratchDirectory } from "../scratch-directory.ts";

test("says the content of code, not its times nor what is not code", () => {
  const dir = scratchDirectory();
  mkdirSync(`${dir}/a/node_modules/x`, { recursive: true });
  writeFileSync(`${dir}/a/one.ts`, "1");
  const first = codeFingerprint([dir]);
  utimesSync(`${dir}/a/one.ts`, 1, 1);
  writeFileSync(`${dir}/a/one.d.ts`, "declares");
  writeFileSync(`${dir}/a/node_modules/x/index.js`, "somebody else's");
  writeFileSync(`${dir}/a/notes.md`, "words");
  expect(codeFingerprint([dir])).toBe(first);
  writeFileSync(`${dir}/a/one.ts`, "2");
  const second = codeFingerprint([dir]);
  expect(second).not.toBe(first);
  writeFileSync(`${dir}/a/two.mjs`, "");
  expect(codeFingerprint([dir])).not.toBe(second);
});
