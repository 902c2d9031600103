import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { benchPage, picture, readBenchResult, readmeTable } from "../packages/bench/src/report/index.ts";

/**
 * README's table between its two markers, reports/bench.svg and reports/bench.html, all made from reports/bench.json, and
 * the pages of the other results. Run from the sources: `npm run bench:report`; with `--check` it only says whether they are up to date.
 */
const BEGIN = "<!-- bench: made by tools/write-bench-report.ts -->";
const END = "<!-- /bench -->";

/** The README with its table as the result has it; null where it has no markers. */
export function withBenchTable(readme: string, table: string): string | null {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) return null;
  return `${readme.slice(0, from)}${BEGIN}\n${table}${readme.slice(to)}`;
}

/** Each file with what it should hold. */
function files(root: string): [file: string, text: string][] {
  const result = readBenchResult(path.join(root, "reports/bench.json"));
  const readme = withBenchTable(readFileSync(path.join(root, "README.md"), "utf8"), readmeTable(result));
  if (readme === null) throw new Error(`README.md has lost the markers ${BEGIN} and ${END}`);
  return [
    ["README.md", readme],
    ["reports/bench.svg", picture(result)],
    ["reports/bench.html", benchPage(result)],
    ...["bench-growth", "bench-large"].map((name): [string, string] => [
      `reports/${name}.html`,
      benchPage(readBenchResult(path.join(root, `reports/${name}.json`))),
    ]),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = path.resolve(import.meta.dirname, "..");
  for (const [file, text] of files(root)) {
    const absolute = path.join(root, file);
    if (!process.argv.includes("--check")) writeFileSync(absolute, text);
    else if (readFileSync(absolute, "utf8") !== text) {
      console.error(`${file} is not what the results in reports/ say: npm run bench:report`);
      process.exitCode = 1;
    }
  }
}
