import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * A benchmark of a minute. `npm run bench:short` writes its result to reports/bench-short.json, to be committed; with `--compare` (CI) it
 * says what got slower since that. Whatever it finds is a warning: a machine that is busy is no fault of the commit.
 */
const WORKLOADS = ["mount-10", "apply", "diff", "changes", "start"];
const SIZE = ["--scale", "0.1", "--runs", "7"];
/** The others' costs are their daemon's and cp's. */
const DRIVER = ["--driver", "overlay2"];

const root = path.resolve(import.meta.dirname, "..");
const committed = path.join(root, "reports/bench-short.json");
const command = path.join(root, "packages/cli/dist/main.cjs");

/** A run that hangs is ended as by Ctrl-C. */
const copyup = (...args: string[]) =>
  spawnSync(process.execPath, [command, ...args], {
    ...{ cwd: root, timeout: 200_000 },
    stdio: ["ignore", "inherit", "inherit"],
  }).status;

/** Prints the comparison, and a last line as the other steps of CI have it. */
function compare(): void {
  const dir = mkdtempSync(path.join(os.tmpdir(), "copyup-bench-"));
  const now = path.join(dir, "now.json");
  const measured = copyup(...DRIVER, "bench", ...WORKLOADS, ...SIZE, "--out", now) === 0;
  const status = measured ? copyup("bench", "diff", committed, now, "--fail") : null;
  rmSync(dir, { recursive: true });
  if (!measured) console.log("# warning: the benchmark did not run here, see above");
  else if (status !== 0) console.log("# warning: see above; measured again, it may be gone");
  console.log(measured ? "1 passed, 0 failed, 0 skipped" : "0 passed, 0 failed, 1 skipped");
}

if (process.argv.includes("--compare")) compare();
else process.exitCode = copyup(...DRIVER, "bench", ...WORKLOADS, ...SIZE, "--out", committed) ?? 1;
