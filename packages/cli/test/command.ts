import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** The bundle, as people run it: `npm test` has built it. */
export const MAIN = path.resolve(import.meta.dirname, "../dist/main.cjs");

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout. */
  readonly last: string;
}

export interface RunOptions {
  readonly input?: Buffer;
  readonly uid?: number;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** Runs the command as a process of its own. */
export function copyup(args: readonly string[], options: RunOptions = {}): Run {
  const run = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: "buffer",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input ? { input: options.input } : {}),
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const stdout = run.stdout.toString("latin1");
  return { status: run.status, stdout, stderr: run.stderr.toString(), last: stdout.trimEnd().split("\n").at(-1) ?? "" };
}

/** An empty directory that goes with the test. */
export function temporaryDirectory(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-cli-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
