import { statSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface Imported {
  readonly url: string;
  readonly exported: Readonly<Record<string, unknown>>;
}

/**
 * Imports a module as a file in `directory` would: a path, or the name of a package installed there. `import()` looks from where
 * it stands, and `import.meta.resolve` takes no other place without a flag, so this one specifier is given another parent.
 */
export async function importFrom(directory: string, specifier: string): Promise<Imported> {
  const file = path.resolve(directory, specifier);
  // `dist/index.js` without a leading `./` is meant as a path, though to import() it is a package called dist.
  if (isPath(specifier) || isFile(file)) {
    const url = pathToFileURL(file).href;
    return { url, exported: await import(url) };
  }
  const parentURL = pathToFileURL(path.join(directory, "driver-module.js")).href;
  let url = "";
  const hooks = registerHooks({
    resolve(asked, context, next) {
      if (asked !== specifier || url !== "") return next(asked, context);
      const resolved = next(asked, { ...context, parentURL });
      url = resolved.url;
      return resolved;
    },
  });
  try {
    const exported = await import(specifier);
    return { url, exported };
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
