import { writeFileSync } from "node:fs";
import path from "node:path";
import type { BenchResult } from "@copyup/bench";
import { benchPage } from "@copyup/bench/report";

/** The files that were asked for. */
export function writeBenchOutputs(
  result: BenchResult,
  { out, html }: { readonly out: string | undefined; readonly html: string | undefined },
): void {
  if (out !== undefined) writeFileSync(path.resolve(out), `${JSON.stringify(result, null, 2)}\n`);
  if (html !== undefined) writeFileSync(path.resolve(html), benchPage(result));
}
