import { spawnSync } from "node:child_process";
import { StorageError } from "@copyup/core";
import { type ChildOptions, findProgram, runChild } from "@copyup/linux";
import type { OwnFigures } from "../workload.ts";

/** The first line of `PROGRAM --version`, or null where there is no such program. */
export function versionOf(program: string, option = "--version"): string | null {
  const run = spawnSync(program, [option], { encoding: "utf8" });
  return run.status === 0 ? (run.stdout.split("\n")[0] ?? "") : null;
}

/** As versionOf, of programs that say it on standard error (pigz before 2.8, fuse-overlayfs). */
export function saidBy(program: string, option = "--version"): string | null {
  const run = spawnSync(program, [option], { encoding: "utf8" });
  return run.status === 0 ? (`${run.stdout}${run.stderr}`.trim().split("\n")[0] ?? "") : null;
}

/** Why GNU tar cannot take part; undefined where it can. */
export function noTar(): string | undefined {
  return versionOf("tar")?.includes("GNU") ? undefined : "no GNU tar here (Debian package tar)";
}

export function noBsdtar(): string | undefined {
  return versionOf("bsdtar") ? undefined : "not installed (Debian package libarchive-tools)";
}

/** Runs a program to its end, with what it took of memory if that was more than we have ourselves. Throws IO with what it said. */
export function runProgram(argv: readonly [string, ...string[]], options: ChildOptions): OwnFigures {
  const end = runChild(argv, options);
  if (end.status === 0) return end.peakBytes === null ? {} : { peakBytes: end.peakBytes };
  throw new StorageError({
    code: "IO",
    op: "bench",
    message: `${argv.slice(0, 2).join(" ")} ended with ${end.status ?? `signal ${end.signal}`}: ${end.stderr.trim().slice(-500)}`,
    hint: `it was run as ${argv.join(" ").slice(0, 500)}`,
  });
}

/** A program whose output goes through a pipe and is thrown away by its reader. It needs nothing of the PATH it is run with. */
export function intoPipe([program, ...words]: readonly [string, ...string[]]): [string, ...string[]] {
  const [found, cat] = [program, "cat"].map((name) => findProgram(name) ?? name);
  return ["sh", "-c", `{ "$0" "$@" || kill $$; } | ${cat} >/dev/null`, found as string, ...words];
}
