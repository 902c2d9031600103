import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  allChecks,
  type Check,
  familyName,
  familyOf,
  restsOnFilesystem,
  uncheckedRows,
} from "../packages/conformance/src/index.ts";

/**
 * docs/catalogue.md: every check of the suite with what it cites, and the rows that have none. Run from the sources: `node -C
 * @copyup/source tools/write-check-docs.ts`; with `--check` it only says whether the file is up to date.
 */
const file = path.resolve(import.meta.dirname, "../docs/catalogue.md");
const text = `# The catalogue

Every check of the suite: what a driver should do, where that comes from, and the deviations a profile may declare. Made by
\`node -C @copyup/source tools/write-check-docs.ts\` from packages/conformance/src/checks.

${allChecks.length} checks, of which ${allChecks.filter(restsOnFilesystem).length} rest on the filesystem below and are run on each one of a matrix (in what
[conformance.md](conformance.md#filesystems) tells); ${uncheckedRows.length} ${uncheckedRows.length === 1 ? "row" : "rows"} without one, [at the end](#rows-without-a-check).
${[...familiesInOrder()].map(([family, checks]) => familyText(family, checks)).join("")}
## Rows without a check

Told in every report, so that nobody takes silence for a promise.

| id | what | why not |
|---|---|---|
${uncheckedRows.map(({ id, title, why }) => row([id, title, why])).join("")}`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/catalogue.md is out of date: node -C @copyup/source tools/write-check-docs.ts");
  process.exitCode = 1;
}

/** Families as the suite runs them; in each the rows by number. */
function familiesInOrder(): Map<string, Check[]> {
  const families = Map.groupBy(allChecks, ({ id }) => familyOf(id));
  for (const checks of families.values()) checks.sort((a, b) => (a.id < b.id ? -1 : 1));
  return families;
}

function familyText(family: string, checks: readonly Check[]): string {
  const rows = checks.map(({ id, title, restsOn = [], cites, deviations = {}, heavy }) => {
    const words = Object.entries(deviations).map(([word, meaning]) => `\`${word}\`: ${meaning}`);
    return row([id, heavy ? `${title} (heavy)` : title, restsOn.join(", "), cites.join("; "), words.join("; ")]);
  });
  return `
## ${family}: ${familyName(family)}

| id | what | rests on the filesystem's | cites | known deviations |
|---|---|---|---|---|
${rows.join("")}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |\n`;
}
