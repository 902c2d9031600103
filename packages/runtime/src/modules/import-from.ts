import { statSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports a module as a file in `directory` would: a path, or the name of a package installed there. `import()` looks from where
 * it stands, and `import.meta.resolve` takes no other place without a flag, so this one specifier is given another parent.
 */
export async function importFrom(directory: string, specifier: string): Promise<Readonly<Record<string, unknown>>> {
  const file = path.resolve(directory, specifier);
  // `dist/index.js` without a leading `./` is meant as a path, though to import() it is a package called dist.
  if (isPath(specifier) || isFile(file)) return import(pathToFileURL(file).href);
  const parentURL = pathToFileURL(path.join(directory, "driver-module.js")).href;
  const hooks = registerHooks({
    resolve: (asked, context, next) => next(asked, asked === specifier ? { ...context, parentURL } : context),
  });
  try {
    return await import(specifier);
  } finally {
    hooks.deregister();
  }
}

function isPath(specifier: string): boolean {
  return /^(\.{0,2}\/|\.{1,2}$)/.test(specifier);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
