import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { allChecks } from "../packages/conformance/src/index.ts";

/**
 * docs/catalogue.md: every check of the suite with what it cites. Run from the sources: `node -C @copyup/source
 * tools/write-check-docs.ts`; with `--check` it only says whether the file is up to date.
 */
const file = path.resolve(import.meta.dirname, "../docs/catalogue.md");
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const rows = allChecks.map((check) => {
  const deviations = Object.entries(check.deviations ?? {}).map(([word, meaning]) => `\`${word}\`: ${meaning}`);
  return `| ${check.id} | ${[check.title, check.cites.join("; "), deviations.join("; ")].map(cell).join(" | ")} |`;
});
const text = `# The catalogue

Every check of the suite: what a driver should do, where that comes from, and the deviations a profile may declare. Made by
\`node -C @copyup/source tools/write-check-docs.ts\` from packages/conformance/src/checks.

| id | what | cites | known deviations |
|---|---|---|---|
${rows.join("\n")}
`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/catalogue.md is out of date: node -C @copyup/source tools/write-check-docs.ts");
  process.exitCode = 1;
}
