import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { someNames } from "../../src/random/names.ts";
import { assignName, quoted, shellPaths } from "../../src/random/script/shell-paths.ts";
import { scratchDirectory } from "../scratch-directory.ts";

test("sh makes a file of exactly the bytes of each name", () => {
  for (const names of fc.sample(someNames(true), { numRuns: 30, seed: 3 })) {
    const cwd = scratchDirectory();
    const path = shellPaths(names.length);
    const lines = names.flatMap((name, index) => [assignName(index + 1, name), `: >${path([index])}`]);
    execFileSync("sh", ["-euc", lines.join("\n")], { cwd });
    const made = readdirSync(cwd, { encoding: "latin1" as BufferEncoding }).sort();
    expect(made).toEqual(names.map((name) => name.toString("latin1")).sort());
  }
});

test("text is one argument", () => {
  for (const text of ["plain/text", "with space", "it's", "$(x)", "é", ""])
    expect(execFileSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" })).toBe(text);
});
