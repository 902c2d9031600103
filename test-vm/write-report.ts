import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { PROJECT } from "./request.ts";

/** What is committed of a matrix: one page, the same as data, and README's table. Cells that failed are no error here. */
export function writeReport(results: string, say: (text: string) => void): void {
  const out = path.join(PROJECT, "reports");
  mkdirSync(out, { recursive: true });
  const files = ["matrix.html", "matrix.json"].map((name) => path.join(out, name));
  run(["packages/cli/dist/main.cjs", "report", results, ...files.flatMap((file) => ["--out", file])]);
  run(["-C", "@copyup/source", "tools/write-matrix-table.ts"]);
  say(`wrote ${files.map((file) => path.relative(PROJECT, file)).join(", ")}, and the table in README.md`);
}

/** Status 1 with nothing on stderr is `report` saying that a check failed. */
function run(args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8" });
  if (error) throw error;
  const said = stderr.trim();
  if (status !== 0 && (status !== 1 || said !== "")) throw new Error(`${args[0]} ended with status ${status}: ${said}`);
}
