import path from "node:path";
import { type DriverModule, StorageError } from "@copyup/core";
import { registerDriver } from "../known-drivers.ts";
import { moduleFaults, openedFaults } from "./check-driver.ts";
import { type Imported, importFrom } from "./import-from.ts";

export interface AddDriverOptions {
  /** Where a path begins and from where a package's name is looked up; default: the current directory. */
  readonly from?: string;
}

/**
 * Loads a driver of another package and makes it one of those this process knows. The module exports it as `driver` or as its
 * default. BAD_OPTION says what is wrong: no such module, it throws when it is loaded, it is no driver, its name is taken.
 */
export async function addDriverModule(specifier: string, options: AddDriverOptions = {}): Promise<DriverModule> {
  const from = options.from ?? process.cwd();
  const { exported, url } = await load(specifier, from);
  const driver = exported.driver ?? exported.default;
  if (driver === undefined) {
    const names = Object.keys(exported);
    throw refuse(
      `${specifier} exports no driver`,
      `a driver's module has \`export const driver\`, or it is the default export; this one exports ${names.length === 0 ? "nothing" : names.join(", ")}`,
    );
  }
  const faults = moduleFaults(driver);
  if (faults.length > 0)
    throw refuse(`${specifier} is no driver: ${faults.join("; ")}`, "DriverModule in @copyup/core says what it has");
  const module = driver as DriverModule;
  registerDriver(module, { name: module.name, module, load: async () => completed(module, specifier, url) });
  return module;
}

async function load(specifier: string, from: string): Promise<Imported> {
  try {
    return await importFrom(from, specifier);
  } catch (error) {
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    if (code === "ERR_UNSUPPORTED_DIR_IMPORT")
      throw refuse(`${specifier} is a directory`, "name the file in it that exports the driver", error);
    if (code !== "ERR_MODULE_NOT_FOUND") throw refuse(cannotLoad(specifier, error), placeOf(error, specifier), error);
    const missing = /'(.*?)'/.exec((error as Error).message)?.[1];
    if (missing !== specifier && missing !== path.resolve(from, specifier))
      throw refuse(cannotLoad(specifier, error), "what it imports must be installed in its own package", error);
    throw refuse(
      `there is no driver module ${specifier}`,
      `paths begin at ${from}, with ./ or /; anything else is a package, looked up from there`,
      error,
    );
  }
}

function cannotLoad(specifier: string, error: unknown): string {
  return `${specifier} cannot be loaded: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

/** Where it was thrown: the first line of the stack that is not Node's own. */
function placeOf(error: unknown, specifier: string): string {
  // The place of a syntax error stands in no stack; Node shows it when nobody catches the error.
  if (error instanceof SyntaxError) return `\`node ${specifier}\` shows where`;
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines.find((line) => /^ +at /.test(line) && !line.includes("node:"))?.trim() ?? "it throws while it is loaded";
}

function refuse(message: string, hint: string, cause?: unknown): StorageError {
  return new StorageError({ code: "BAD_OPTION", op: "driver", message, hint, cause });
}

/**
 * With its url, if it does not tell that itself, and looked at once more when it is opened: a method that is missing then would
 * else be a TypeError deep in the store. Member by member, because a driver may be an object of a class.
 */
function completed(module: DriverModule, specifier: string, url: string): DriverModule {
  return {
    url: module.url ?? url,
    name: module.name,
    summary: module.summary,
    bodyFormat: module.bodyFormat,
    probe: (directory, host) => module.probe(directory, host),
    profile: (directory, host) => module.profile(directory, host),
    async open(directories, options) {
      const opened = await module.open(directories, options);
      const faults = openedFaults(opened, module);
      if (faults.length > 0)
        throw refuse(`${specifier}: ${faults.join("; ")}`, "StorageDriver in @copyup/core says what it has");
      return opened;
    },
  };
}
