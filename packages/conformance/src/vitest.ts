import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { DriverModule } from "@copyup/core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { allChecks } from "./checks/index.ts";
import { runCheck } from "./run/run-check.ts";
import { selectChecks } from "./run/select.ts";
import { openSession, type Session } from "./run/session.ts";

export interface TestDriverOptions {
  /** An existing directory; default: a fresh one in the temporary directory. */
  readonly work?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly seed?: number | undefined;
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
    let fresh: string | null = null;
    beforeAll(async () => {
      if (options.work === undefined) fresh = mkdtempSync(path.join(os.tmpdir(), "copyup-conform-"));
      session = await openSession(driver, options.work ?? fresh ?? "");
    });
    afterAll(async () => {
      if (fresh !== null) await removeTree(fresh);
    });
    for (const check of selectChecks(allChecks, options.only)) {
      test(`${check.id} ${check.title}`, async (context) => {
        const result = await runCheck(session, check, { seed: options.seed ?? 1, signal: context.signal });
        if (result.status === "skip" && !(options.require && session.refusal !== null)) context.skip(result.reason);
        if (result.status === "fail" || result.status === "skip") throw new Error(result.reason);
      });
    }
  });
}
