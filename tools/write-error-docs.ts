import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ERROR_CODES } from "../packages/core/src/error-codes.ts";

/** docs/errors.md, a heading a code. `--check` only says whether it is up to date. */
const file = path.resolve(import.meta.dirname, "../docs/errors.md");
const text = `# Error codes

Codes are API, messages are not. Made by \`node tools/write-error-docs.ts\` from packages/core/src/error-codes.ts.
${Object.entries(ERROR_CODES)
  .map(([code, meaning]) => `\n## ${code}\n\n${meaning}\n`)
  .join("")}`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/errors.md is out of date: node tools/write-error-docs.ts");
  process.exitCode = 1;
}
