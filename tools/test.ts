import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * What `npm test` runs: format and lint, project references, types of sources and tests, the unit tests, and as root the
 * kernel tests, these in a mount namespace of their own so that nothing leaks into the host. Its last line is the sum.
 */
const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}` };
const reports = mkdtempSync(path.join(os.tmpdir(), "copyup-test-"));
const sum = { passed: 0, failed: 0, skipped: 0 };

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
}

function run(command: string, args: readonly string[]): boolean {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  console.log(
    `# ${args.join(" ")}: ${result.status === 0 ? "ok" : "FAILED"} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  return result.status === 0;
}

function step(command: string, args: readonly string[]): void {
  if (run(command, args)) sum.passed++;
  else sum.failed++;
}

/** The tests of one project; `wrap` is a command to run vitest under. */
function vitest(project: string, wrap: readonly string[] = []): void {
  const file = path.join(reports, `${project}.json`);
  const [command = "", ...args] = [
    ...wrap,
    path.join(bin, "node"),
    path.join(root, "node_modules/vitest/vitest.mjs"),
    ...["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
    ...process.argv.slice(2),
  ];
  const ok = run(command, args);
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    sum.failed++;
    return;
  }
  sum.passed += report.numPassedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot even be loaded has no tests to fail.
  sum.failed += report.numFailedTests || (ok ? 0 : Math.max(1, report.numFailedTestSuites));
}

step(path.join(bin, "biome"), ["ci", "--diagnostic-level=warn", "."]);
step(path.join(bin, "node"), ["tools/check-references.ts"]);
step(path.join(bin, "node"), ["tools/write-error-docs.ts", "--check"]);
step(path.join(bin, "node"), ["-C", "@copyup/source", "tools/write-check-docs.ts", "--check"]);
step(path.join(bin, "node"), ["-C", "@copyup/source", "tools/write-matrix-table.ts", "--check"]);
step(path.join(bin, "node"), ["-C", "@copyup/source", "tools/write-bench-report.ts", "--check"]);
step(path.join(bin, "tsc"), ["-b"]);
step(path.join(bin, "tsc"), ["-p", "tsconfig.test.json"]);
vitest("unit");
const mounts =
  spawnSync("unshare", ["-m", "--propagation", "private", "true"]).status === 0 && process.getuid?.() === 0;
if (mounts) vitest("kernel", ["unshare", "-m", "--propagation", "private"]);
else {
  console.log("# kernel tests skipped: they mount, and that needs root (and unshare from util-linux)");
  sum.skipped++;
}
rmSync(reports, { recursive: true, force: true });
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;
