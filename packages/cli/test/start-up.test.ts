import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

/** The command's first bundle is read at every start, whatever the verb. */
const first = path.resolve(import.meta.dirname, "../dist/run.cjs");

describe("what every start loads", () => {
  const text = readFileSync(first, "utf8");

  test("is small, and holds neither the FFI nor a driver nor the suite", () => {
    expect(text.length).toBeLessThan(120_000);
    for (const absent of ["koffi", "openat2", 'require("node:crypto")', 'require("child_process")', "child_process"])
      expect(text, absent).not.toContain(absent);
  });

  test("names parts that are there", () => {
    const parts = [...text.matchAll(/import\("(\.\/part-[^"]+)"\)/g)].map(([, file = ""]) => file);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(() => readFileSync(path.resolve(path.dirname(first), part))).not.toThrow();
  });
});
