import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * `tsc -b` does not notice a missing project reference, and a reference without a dependency would let a wrong-way import
 * compile. So: each package's references must be exactly its workspace dependencies, and each must be in the root's list.
 */
const root = path.resolve(import.meta.dirname, "..");
const faults: string[] = [];

interface Manifest {
  dependencies?: Record<string, string>;
}
interface TsConfig {
  references?: { path: string }[];
}

function readJson<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(path.join(root, ...parts), "utf8")) as T;
}

// A directory without a manifest is what another branch left: its ignored dist/ and node_modules/.
const packages = readdirSync(path.join(root, "packages")).filter((name) =>
  existsSync(path.join(root, "packages", name, "package.json")),
);
const listed = new Set(
  readJson<TsConfig>("tsconfig.json").references?.map((reference) => path.basename(reference.path)),
);
for (const name of packages) {
  const dependencies = Object.keys(readJson<Manifest>("packages", name, "package.json").dependencies ?? {})
    .filter((dependency) => dependency.startsWith("@copyup/"))
    .map((dependency) => dependency.slice("@copyup/".length));
  const references = (readJson<TsConfig>("packages", name, "tsconfig.json").references ?? []).map((r) =>
    path.basename(r.path),
  );
  for (const missing of dependencies.filter((d) => !references.includes(d)))
    faults.push(`${name}: tsconfig.json lacks a reference to ${missing}`);
  for (const extra of references.filter((r) => !dependencies.includes(r)))
    faults.push(`${name}: tsconfig.json references ${extra}, package.json does not depend on it`);
  if (!listed.has(name)) faults.push(`tsconfig.json lacks packages/${name}`);
}

/** Who may depend on whom (docs/architecture.md). A package not listed there is refused until somebody thought about it. */
const allowed = readJson<Record<string, string[]>>("tools/references.json");
for (const name of packages) {
  for (const dependency of Object.keys(readJson<Manifest>("packages", name, "package.json").dependencies ?? {})) {
    const short = dependency.replace("@copyup/", "");
    if (dependency.startsWith("@copyup/") && !allowed[name]?.includes(short))
      faults.push(`${name} may not depend on ${short}`);
    if (dependency === "koffi" && name !== "linux") faults.push(`${name} may not use the FFI: only linux does`);
  }
}

for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
