import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryDirectory } from "./command.ts";

/** The bundle, as people run it. */
export const MAIN = path.resolve(import.meta.dirname, "../dist/main.cjs");

const NOBODY = 65_534;

/** No account has it, so nothing of this machine speaks of it. */
const NOBODY_ELSE = 64_321;

export interface User {
  readonly uid?: number;
  /** What /etc/subuid and /etc/subgid hold for this process, and for it alone; default: nothing. */
  readonly ranges?: string;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

export const USER_WITH_RANGES: User = { uid: NOBODY_ELSE, ranges: "tested:700000:65536\n" };

/**
 * In a mount namespace of its own: other subordinate ids and, as newuidmap wants the name of an account, another list of
 * those; then another user.
 */
const SCRIPT = `
  for file in subuid subgid passwd; do mount --bind "$1/$file" "/etc/$file" || exit; done
  uid=$2; shift 2
  exec setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"`;

function words({ uid = NOBODY, ranges = "" }: User, args: readonly string[]): string[] {
  const dir = temporaryDirectory();
  chmodSync(dir, 0o755);
  for (const file of ["subuid", "subgid"]) writeFileSync(path.join(dir, file), ranges);
  const account = `tested:x:${NOBODY_ELSE}:${NOBODY_ELSE}::/nonexistent:/bin/sh\n`;
  writeFileSync(path.join(dir, "passwd"), `${readFileSync("/etc/passwd", "utf8").trimEnd()}\n${account}`);
  return ["-m", "--propagation", "private", "--", "sh", "-c", SCRIPT, "sh", dir, String(uid), ...args];
}

function options({ env, cwd }: User) {
  return {
    env: { ...process.env, HOME: "/nonexistent", NODE_DISABLE_COMPILE_CACHE: "1", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/** Runs a program as another user, to its end. */
export function runAs(user: User, argv: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync("unshare", words(user, argv), { ...options(user), encoding: "utf8" });
}

/** The same for `copyup ARGS`. */
export function copyupAs(user: User, args: readonly string[]): SpawnSyncReturns<string> {
  return runAs(user, [process.execPath, MAIN, ...args]);
}

/** Starts it. */
export function startCopyupAs(user: User, args: readonly string[]): ChildProcess {
  return spawn("unshare", words(user, [process.execPath, MAIN, ...args]), options(user));
}
