import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** `union`: layers hold their own changes, merged by a mount. `tree`: every layer is a whole tree. */
export type Kind = "union" | "tree";

const TEMPLATE = path.join(import.meta.dirname, "new-driver");

/**
 * The files of packages/NAME and their text. The template is compiled and linted with the tools, so it imports by path what a
 * package imports by name; `x.union.ts` stands for `x.ts` in a union driver.
 */
export function packageFiles(name: string, kind: Kind): Map<string, string> {
  const found = readdirSync(TEMPLATE, { recursive: true, encoding: "utf8" }).filter((file) => /\.[a-z]+$/.test(file));
  const files = new Map<string, string>();
  for (const file of found.filter((file) => !file.includes(".union."))) {
    const variant = file.replace(/\.ts$/, `.${kind}.ts`);
    const text = readFileSync(path.join(TEMPLATE, found.includes(variant) ? variant : file), "utf8");
    files.set(path.join("packages", name, file.replace("tsconfig.package.json", "tsconfig.json")), adapt(text, name));
  }
  return files;
}

function adapt(text: string, name: string): string {
  return text
    .replace(/"(?:\.\.\/)+packages\/([a-z-]+)\/src\/index\.ts"/g, '"@copyup/$1"')
    .replace(/"(?:\.\.\/)+packages\/([a-z-]+)\/src\/([a-z-]+)\.ts"/g, '"@copyup/$1/$2"')
    .replaceAll('.union.ts"', '.ts"')
    .replaceAll("new-driver", name);
}
