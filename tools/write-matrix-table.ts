import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { aboutCells, kernelTable, readCells } from "../packages/conformance/src/report/index.ts";

/**
 * README's table of kernels and drivers, between its two markers, made from reports/matrix.json. Run from the sources: `node
 * -C @copyup/source tools/write-matrix-table.ts`; with `--check` it only says whether the table is up to date.
 */
const BEGIN = "<!-- matrix: made by tools/write-matrix-table.ts -->";
const END = "<!-- /matrix -->";

/** The README with its table as the matrix has it; null where it has no markers. */
export function withTable(readme: string, matrix: string): string | null {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) return null;
  return `${readme.slice(0, from)}${BEGIN}\n${tableOf(matrix)}${readme.slice(to)}`;
}

function tableOf(matrix: string): string {
  if (!existsSync(matrix)) return "No matrix has been run yet.\n";
  const cells = readCells([matrix]);
  return `${kernelTable(cells)}\n\nChecks passed / deviating as declared / failed / skipped. ${aboutCells(cells)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = path.resolve(import.meta.dirname, "..");
  const file = path.join(root, "README.md");
  const now = readFileSync(file, "utf8");
  const text = withTable(now, path.join(root, "reports/matrix.json"));
  if (text === null) {
    console.error(`README.md has lost the markers ${BEGIN} and ${END}`);
    process.exitCode = 1;
  } else if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (text !== now) {
    console.error("README.md's matrix is out of date: node -C @copyup/source tools/write-matrix-table.ts");
    process.exitCode = 1;
  }
}
