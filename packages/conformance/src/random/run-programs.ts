import { mkdirSync } from "node:fs";
import fc from "fast-check";
import { longestMs } from "../run/time-limit.ts";
import type { Trial } from "../trial/trial.ts";
import { declaredDeviations } from "./deviations/index.ts";
import { type Program, type ProgramKind, programs } from "./program.ts";
import { type Arena, ProgramRun } from "./program-run.ts";
import type { Recording } from "./recording.ts";
import { StepClock } from "./step-clock.ts";
import { tellFailure } from "./tell-failure.ts";

export interface Programs extends Omit<ProgramKind, "privileged"> {
  readonly runs: number;
  /** Compare what is exported, byte by byte, and apply it to a fresh store. */
  readonly exports: boolean;
}

/** A failure found late is better told a little longer than not at all. */
const SHRINK_MS = 20_000;

/**
 * Time for so many programs: a few times what they take on a small machine, and as much again for shrinking what failed.
 */
export function programsLimitMs(runs: number): number {
  return 60_000 + runs * 400;
}

/** Fails the check with the smallest program found to fail, and attaches its script. */
export async function runPrograms(trial: Trial, { runs, exports, ...kind }: Programs): Promise<void> {
  const directory = trial.directoryFor("programs");
  let count = 0;
  const arena: Arena = {
    store: await trial.openStore("programs"),
    fresh: exports ? await trial.openStore("fresh") : null,
    deviations: declaredDeviations(trial.profile),
    directory() {
      const fresh = `${directory}/${++count}`;
      mkdirSync(fresh);
      return fresh;
    },
    coarseClock: StepClock.isCoarse(`${directory}/clock`),
  };
  let failed: { recording: Recording; error: unknown } | null = null;
  // fast-check does not wait for the program that is running when its time is up.
  let running: Promise<unknown> = Promise.resolve();
  let shrinkUntil = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(programs({ ...kind, privileged: trial.host.fullRoot }), async (program) => {
    if (trial.signal.aborted || performance.now() > shrinkUntil) return;
    const run = runOne(arena, program);
    running = run;
    const failure = await run;
    if (failure === null || trial.signal.aborted) return;
    failed = failure;
    shrinkUntil = Math.min(shrinkUntil, performance.now() + SHRINK_MS);
    throw failure.error;
  });
  const seed = trial.seed;
  // Shortly before the check would be given up; on an emulated processor a program takes twenty times as long.
  const limit = longestMs(programsLimitMs(runs)) * 0.95;
  const details = await fc.check(property, {
    seed,
    numRuns: runs,
    interruptAfterTimeLimit: limit,
    markInterruptAsFailure: false,
  });
  await running;
  trial.signal.throwIfAborted();
  if (failed !== null) tellFailure(trial, failed, { seed, runs: details.numRuns, shrinks: details.numShrinks });
  // A fault of the suite itself.
  if (details.errorInstance) throw details.errorInstance;
  if (details.numRuns < runs)
    throw new Error(`only ${details.numRuns} of ${runs} programs were done in ${Math.round(limit / 1000)} s`);
}

async function runOne(arena: Arena, program: Program): Promise<{ recording: Recording; error: unknown } | null> {
  const run = new ProgramRun(arena, program);
  let error: unknown = null;
  try {
    await run.run();
  } catch (thrown) {
    error = thrown;
  }
  try {
    await run.close();
  } catch (thrown) {
    error ??= thrown;
  }
  return error === null ? null : { recording: run.recording, error };
}
