import { realpathSync } from "node:fs";
import { StorageError } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Engine } from "./engines/engine.ts";
import { engines } from "./engines/engines.ts";
import type { OldGraph } from "./old-graph.ts";
import { isDirectory } from "./read/files.ts";
import { OP } from "./read/refusals.ts";
import type { ImportOptions, ImportReport } from "./transfer/import-contract.ts";
import { importGraph } from "./transfer/import-graph.ts";

/**
 * Reads what an engine left behind, as data. Throws BAD_OPTION (no such engine, no such tree: what was looked for), CORRUPT
 * naming a file that cannot be understood, NEEDS_PRIVILEGE, IO. Changes nothing.
 */
export function readOldGraph(engine: string, path: string): OldGraph {
  return engineNamed(engine).read(directory(path));
}

/**
 * The layers of an engine's tree become committed layers of the store, with labels that say where they came from. The source
 * is only read: no mount, access times left alone where the kernel allows that. What cannot be imported whole is in
 * `failed`; the rest is imported. Done again, it finds its own layers and imports nothing new.
 */
export async function importFrom(
  store: LayerStore,
  engine: string,
  path: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return importGraph(store, engine, readOldGraph(engine, path), options);
}

function engineNamed(name: string): Engine {
  const found = engines.find((engine) => engine.name === name);
  if (found) return found;
  const message = `no engine is called ${JSON.stringify(name)}`;
  const hint = `known are ${engines.map((engine) => engine.name).join(", ")}`;
  throw new StorageError({ code: "BAD_OPTION", op: OP, message, hint });
}

function directory(path: string): string {
  try {
    const resolved = realpathSync(path);
    if (isDirectory(resolved)) return resolved;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES")
      throw new StorageError({ code: "NEEDS_PRIVILEGE", op: OP, path, message: `${path}: ${code}` });
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
  throw new StorageError({ code: "BAD_OPTION", op: OP, path, message: `${path} is no directory` });
}
