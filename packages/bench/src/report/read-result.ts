import { readFileSync } from "node:fs";
import { StorageError } from "@copyup/core";
import type { BenchResult } from "../bench.ts";

const WANTED = "what `copyup bench --out FILE` wrote is wanted";

/** What `copyup bench --out` wrote. Throws IO, and BAD_OPTION for anything else. */
export function readBenchResult(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    throw new StorageError({
      code: "IO",
      op: "bench",
      path: file,
      errno,
      message: `cannot read ${file}: ${errno}`,
      hint: WANTED,
    });
  }
  const value = parsed(text);
  if (value?.type !== "copyup-bench" || !Array.isArray(value.workloads))
    throw bad(file, `${file} is no result of \`copyup bench\``, WANTED);
  if (value.format !== 1)
    throw bad(
      file,
      `${file} is a result of format ${value.format}; this copyup reads format 1`,
      "measure again with this copyup, or compare with the one that wrote it",
    );
  return value as BenchResult;
}

function parsed(text: string): (Partial<Omit<BenchResult, "format">> & { format?: unknown }) | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const bad = (path: string, message: string, hint: string) =>
  new StorageError({ code: "BAD_OPTION", op: "bench", path, message, hint });
