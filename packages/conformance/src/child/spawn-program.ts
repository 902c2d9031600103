import type { Child, SpawnOptions, Trial } from "../trial/trial.ts";
import type { ProgramName } from "./programs/index.ts";

/** From the sources, or from the bundle, where the chunk we are in lies beside the entry. */
const FROM_SOURCES = import.meta.url.endsWith(".ts");
const ENTRY = new URL(FROM_SOURCES ? "../child-process.ts" : "./child-process.js", import.meta.url).href;
const RUN = `const { enableCompileCache } = await import("node:module"); enableCompileCache();
const { runProgram } = await import(process.argv[1]); await runProgram(process.argv.slice(2));`;

export interface ProgramOptions extends SpawnOptions {
  /** Put before node, as `unshare -Urm --`. */
  readonly wrapper?: readonly string[];
}

/**
 * Starts one of the programs in a process of its own, on a store of the trial's driver. Resolves when it is loaded and waits
 * for `go`. The check needs `own-process`.
 */
export async function spawnProgram(
  trial: Trial,
  program: ProgramName,
  root: string,
  args: readonly string[] = [],
  options: ProgramOptions = {},
): Promise<Child> {
  const { url = "", name } = trial.driver;
  const node = [process.execPath, ...(FROM_SOURCES ? ["--conditions=@copyup/source", "--no-warnings"] : [])];
  const [command = "", ...rest] = [
    ...(options.wrapper ?? []),
    ...node,
    "--input-type=module",
    "--eval",
    RUN,
    ENTRY,
    program,
    url,
    name,
    root,
    ...args,
  ];
  const child = await trial.spawn(command, rest, options);
  const said = await child.line();
  trial.equal(said, "ready", `what the program ${program} says first`);
  return child;
}
