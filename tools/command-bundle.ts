import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/**
 * The command in two bundles. What every start needs (the parser, all verbs' declarations, the reading of records) is one CommonJS
 * file: Node's ES module loader takes about 1 ms for each file it resolves, and getting a namespace of a built-in module touches every
 * getter of it, which loads streams. What a verb imports when it runs are **parts**, ES modules that share their chunks.
 */
export const START = "./run.ts";

/** Named so in the sources, part of the first bundle all the same: it is small and what `layer ls` waits for. */
const AT_ONCE = "@copyup/store/records";

/** Of its own beside the command: it has the FFI's binary among its dependencies. */
const OUTSIDE = "@copyup/linux";

/** Every module the command's sources import when a verb runs, by the name of its part. */
export function partsOf(sources: string): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const text = readFileSync(path.join(entry.parentPath, entry.name), "utf8");
    for (const [, specifier = ""] of text.matchAll(/\bimport\("([^"]+)"\)/g)) {
      if ([START, AT_ONCE, OUTSIDE].includes(specifier)) continue;
      const part = partName(specifier);
      const source = specifier.startsWith(".")
        ? path.resolve(entry.parentPath, specifier)
        : sourceOf(specifier, sources);
      // The one would be loaded for the other.
      if (parts[part] && parts[part] !== source) throw new Error(`two parts of one name: ${parts[part]}, ${source}`);
      parts[part] = source;
    }
  }
  return parts;
}

/** Where a workspace package's export has its source. */
function sourceOf(specifier: string, sources: string): string {
  const [scope = "", name = "", ...rest] = specifier.split("/");
  const directory = path.resolve(sources, "../node_modules", scope, name);
  const manifest = JSON.parse(readFileSync(path.join(directory, "package.json"), "utf8")) as {
    exports: Record<string, Record<string, string>>;
  };
  return path.join(directory, manifest.exports[[".", ...rest].join("/")]?.["@copyup/source"] ?? "");
}

function partName(specifier: string): string {
  return `part-${path.basename(specifier, ".ts")}`;
}

/** In the first bundle an import at run time is a part's file. */
export const partsAreFiles: Plugin = {
  name: "parts are files",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path: specifier }) =>
      kind !== "dynamic-import" || [START, AT_ONCE].includes(specifier)
        ? undefined
        : { path: specifier === OUTSIDE ? OUTSIDE : `./${partName(specifier)}.js`, external: true },
    );
  },
};

/** The entry turns the compile cache on before it requires the rest: a file is compiled as a whole, its imports first. */
export const startIsRequired: Plugin = {
  name: "the start is required",
  setup(build) {
    build.onResolve({ filter: /^\.\/run\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: START, namespace: "start" } : undefined,
    );
    build.onResolve({ filter: /^\.\/run\.cjs$/ }, ({ path: file }) => ({ path: file, external: true }));
    build.onLoad({ filter: /.*/, namespace: "start" }, () => ({ contents: `module.exports = require("./run.cjs");` }));
  },
};

/** The parser needs node:child_process for commands that are programs; ours are none, and loading it takes 3 ms. */
export const parserWithoutChildProcess: Plugin = {
  name: "parser without child processes",
  setup(build) {
    build.onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      importer.includes("/commander/") ? { path: "child_process", namespace: "unused" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
  },
};
