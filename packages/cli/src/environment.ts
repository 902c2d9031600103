import { statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Command } from "commander";

/** What every command gets. */
export interface Environment {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  setStatus(status: number): void;
}

/** The global options; they may stand before or after the verb. */
export interface GlobalOptions {
  readonly root: string;
  readonly driver: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export function globalOptions(command: Command): GlobalOptions {
  const options = command.optsWithGlobals() as { root?: string; driver?: string; json?: boolean; quiet?: boolean };
  return {
    root: path.resolve(options.root ?? defaultRoot()),
    driver: options.driver,
    json: options.json === true,
    quiet: options.quiet === true,
  };
}

function defaultRoot(): string {
  if (process.geteuid?.() === 0 && isHostRoot()) return "/var/lib/copyup";
  return path.join(process.env.XDG_DATA_HOME || path.join(os.homedir(), ".local/share"), "copyup");
}

/** Root of a user namespace that an ordinary user made owns none of the system's directories: to it they are nobody's (65534). */
function isHostRoot(): boolean {
  return statSync("/").uid === 0;
}
