import { readFileSync } from "node:fs";
import path from "node:path";

interface Manifest {
  dependencies: Record<string, string>;
}
interface References {
  references: { path: string }[];
}

/** What must be changed elsewhere for packages/NAME to be one of the drivers: each file with its new text. Writes nothing. */
export function joinWorkspace(root: string, name: string): Map<string, string> {
  const changed = new Map<string, string>();
  function edit<T>(file: string, change: (content: T) => void): void {
    const content = JSON.parse(readFileSync(path.join(root, file), "utf8")) as T;
    change(content);
    changed.set(file, `${JSON.stringify(content, null, 2)}\n`);
  }
  edit<References>("tsconfig.json", ({ references }) => {
    const after = references.findIndex((reference) => reference.path === "packages/conformance");
    references.splice(after, 0, { path: `packages/${name}` });
  });
  edit<Record<string, string[]>>("tools/references.json", (allowed) => {
    allowed[name] = ["core", "linux", "archive"];
    allowed.runtime?.push(name);
  });
  edit<Manifest>("packages/runtime/package.json", ({ dependencies }) => {
    dependencies[`@copyup/${name}`] = "workspace:*";
  });
  edit<References>("packages/runtime/tsconfig.json", ({ references }) => references.push({ path: `../${name}` }));

  // The last: a driver in the making is not picked where nobody asks for it.
  const list = "packages/runtime/src/drivers.ts";
  const text = readFileSync(path.join(root, list), "utf8");
  const end = text.indexOf("\n];", text.indexOf("export const drivers"));
  if (end < 0) throw new Error(`${list} has no list called drivers`);
  const entry = `\n  { name: "${name}", load: async () => (await import("@copyup/${name}")).driver },`;
  changed.set(list, text.slice(0, end) + entry + text.slice(end));
  return changed;
}
