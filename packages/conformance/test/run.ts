/**
 * Runs the suite from the sources, without a build:
 *
 *   unshare -m --propagation private node_modules/.bin/node -C @copyup/source packages/conformance/test/run.ts [DRIVER] [ID…]
 *
 * On a fresh ext4 loop image, as root; in the temporary directory otherwise. Prints what did not pass, and the slowest.
 */
import type { DriverModule } from "@copyup/core";
import { driver as overlay2 } from "../../overlay2/src/index.ts";
import { driver as plainCopy } from "../../plain-copy/src/index.ts";
import { type CheckResult, runSuite, withScratch } from "../src/index.ts";

const known: readonly DriverModule[] = [overlay2, plainCopy];
const named = process.argv.slice(2);
const drivers = known.filter((driver) => named.includes(driver.name));
const only = named.filter((name) => !known.some((driver) => driver.name === name) && !name.startsWith("-"));

await withScratch({ image: "wanted" }, async ({ dir, description }) => {
  console.log(`in ${description}`);
  const results = await runSuite({
    drivers: drivers.length > 0 ? drivers : known,
    work: dir,
    only,
    keep: named.includes("--keep"),
    onResult: (result) => result.status !== "pass" && tell(result),
  });
  const slowest = results.toSorted((a, b) => b.ms - a.ms).slice(0, 8);
  console.log(
    `slowest: ${slowest.map((result) => `${result.driver} ${result.id} ${Math.round(result.ms)} ms`).join(", ")}`,
  );
  for (const driver of new Set(results.map((result) => result.driver))) console.log(summary(driver, results));
});

function tell({ driver, id, status, title, reason }: CheckResult): void {
  console.log(`${status.toUpperCase().padEnd(8)} ${driver} ${id} ${title}\n         ${reason}`);
}

function summary(driver: string, results: readonly CheckResult[]): string {
  const own = results.filter((result) => result.driver === driver);
  const counts = ["pass", "deviates", "skip", "fail"].map(
    (status) => `${own.filter((r) => r.status === status).length} ${status}`,
  );
  return `${driver}: ${counts.join(", ")} in ${(own.reduce((sum, r) => sum + r.ms, 0) / 1000).toFixed(1)} s`;
}
