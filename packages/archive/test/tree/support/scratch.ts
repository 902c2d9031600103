import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "../../../src/tree/index.ts";

/** A fresh directory, gone when it is disposed. */
export function scratch(): AsyncDisposable & {
  readonly dir: string;
  at(name: string): string;
  sh(script: string): string;
} {
  const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-tree-"));
  return {
    dir,
    at: (name) => path.join(dir, name),
    sh: (script) => execFileSync("bash", ["-ec", script], { cwd: dir, encoding: "utf8" }),
    [Symbol.asyncDispose]: () => removeTree(dir),
  };
}

/** Is that program there? Tests that need it are skipped where it is not; .ci installs them all. */
export function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
