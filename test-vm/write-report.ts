import { execFileSync } from "node:child_process";
import path from "node:path";
import { PROJECT } from "./request.ts";

/** What is committed of a matrix: one page, the same as data, and README's table. Cells that failed are no error here. */
export function writeReport(results: string, say: (text: string) => void): void {
  const out = path.join(PROJECT, "reports");
  const files = ["matrix.html", "matrix.json"].map((name) => path.join(out, name));
  const run = (args: readonly string[]) => execFileSync(process.execPath, args, { cwd: PROJECT, stdio: "pipe" });
  try {
    run(["packages/cli/dist/main.cjs", "report", results, ...files.flatMap((file) => ["--out", file])]);
  } catch (error) {
    // 1: a check failed. The report is written all the same.
    if ((error as { status?: number }).status !== 1) throw error;
  }
  run(["-C", "@copyup/source", "tools/write-matrix-table.ts"]);
  say(`wrote ${files.map((file) => path.relative(process.cwd(), file)).join(", ")}, and the table in README.md`);
}
