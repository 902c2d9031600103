import type { DriverModule } from "@copyup/core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { allChecks } from "./checks/index.ts";
import { runCheck } from "./run/run-check.ts";
import { selectChecks } from "./run/select.ts";
import { openSession, type Session } from "./run/session.ts";
import { tellFailure } from "./run/tell-failure.ts";
import { withScratch } from "./scratch/index.ts";

export interface TestDriverOptions {
  /** An existing directory of your own; default: a fresh loop image where we can make one, else a temporary directory. */
  readonly work?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  /** Random programs that each differential check (RD) tries; default 200. */
  readonly runs?: number | undefined;
  /** A driver that does not work here fails instead of being skipped. */
  readonly require?: boolean | undefined;
}

/**
 * A driver's whole test file: one test a check, in a file that vitest runs in a process of its own (`pool: "forks"`), inside
 * a private mount namespace. A check that is skipped says why; one that deviates as the profile declares passes.
 */
export function testDriver(driver: DriverModule, options: TestDriverOptions = {}): void {
  describe(`${driver.name} conforms`, () => {
    let session: Session;
    const scratch = holdScratch(options.work);
    beforeAll(async () => {
      session = await openSession(driver, await scratch.open());
    });
    afterAll(() => scratch.close());
    for (const check of selectChecks(allChecks, options.only)) {
      test(`${check.id} ${check.title}`, async (context) => {
        const result = await runCheck(session, check, {
          seed: options.seed ?? 1,
          runs: options.runs,
          signal: context.signal,
        });
        if (result.status === "skip" && !(options.require && session.refusal !== null)) context.skip(result.reason);
        if (result.status === "fail" || result.status === "skip") throw new Error(tellFailure(result));
      });
    }
  });
}

/** A scratch directory that lasts from one hook to another. */
function holdScratch(work: string | undefined): { open(): Promise<string>; close(): Promise<void> } {
  const closing = Promise.withResolvers<void>();
  let used: Promise<void> = Promise.resolve();
  return {
    async open() {
      if (work !== undefined) return work;
      const opened = Promise.withResolvers<string>();
      used = withScratch({ image: "wanted" }, async ({ dir }) => {
        opened.resolve(dir);
        await closing.promise;
      });
      used.catch(opened.reject);
      return opened.promise;
    },
    async close() {
      closing.resolve();
      await used;
    },
  };
}
