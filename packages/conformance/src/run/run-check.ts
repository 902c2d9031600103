import { mkdirSync, mkdtempSync } from "node:fs";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { removeTree } from "@copyup/archive";
import { isStorageError } from "@copyup/core";
import { KernelLog } from "@copyup/linux";
import type { Check } from "../check.ts";
import { unmountBelow } from "../leaks/mounts.ts";
import { LeakWatch } from "../leaks/watch.ts";
import type { CheckResult, Evidence } from "../runner-contract.ts";
import { OpenTrial } from "../trial/open-trial.ts";
import { SkipCheck } from "../trial/skip.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { watchForHungMounts } from "./hung-mounts.ts";
import type { Session } from "./session.ts";
import { aborted, withinTime } from "./time-limit.ts";
import { judge, type Verdict } from "./verdict.ts";

const LIMIT_MS = 60_000;
const GRACE_MS = 1000;
/** Longer than any check works on without a pause. */
const STANDSTILL_MS = 60_000;

export interface CheckRunOptions {
  readonly seed: number;
  readonly runs?: number | undefined;
  readonly keep?: boolean | undefined;
  /** As in SuiteSettings. */
  readonly command?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: the check's own limit, or 60 s. */
  readonly limitMs?: number | undefined;
}

/** Runs one check in a scratch directory of its own. Rejects only when aborted, after cleaning up. */
export async function runCheck(session: Session, check: Check, options: CheckRunOptions): Promise<CheckResult> {
  const started = performance.now();
  const { verdict, seedUsed, evidence } = await tryCheck(session, check, options);
  if (options.signal?.aborted) throw aborted();
  return {
    driver: session.driver.name,
    filesystem: session.directory.filesystem,
    kernel: session.host.kernelRelease,
    id: check.id,
    title: check.title,
    ...verdict,
    ms: Math.round((performance.now() - started) * 10) / 10,
    ...(seedUsed ? { seed: options.seed } : {}),
    ...(evidence.length > 0 ? { evidence } : {}),
  };
}

async function tryCheck(
  session: Session,
  check: Check,
  options: CheckRunOptions,
): Promise<{ verdict: Verdict; seedUsed: boolean; evidence: readonly Evidence[] }> {
  const unmet = await session.whyNot(check);
  if (unmet !== null) return { verdict: { status: "skip", reason: unmet }, seedUsed: false, evidence: [] };

  const jail = mkdtempSync(`${session.work}/${check.id}-`);
  const scratch = `${jail}/scratch`;
  mkdirSync(scratch, { mode: 0o755 });
  // From here on: what the kernel says of a check that fails is told with it.
  using kernelLog = KernelLog.open();
  using _hung = watchForHungMounts(jail, options.limitMs ?? STANDSTILL_MS);
  const watch = new LeakWatch(session.work, jail);
  const { driver, profile, host, directory } = session;
  const trial = new OpenTrial({
    driver,
    profile,
    host,
    directory,
    scratch,
    seed: options.seed,
    runs: options.runs,
    signal: options.signal,
  });
  const running = (async () => check.run(trial))();
  const verdict = await outcomeOf(check, trial, running, options);
  // Before anything is unmounted.
  if (verdict.status === "fail") {
    trial.log.mountsNow(scratch);
    trial.log.step(() => "the check had failed; what it left open was closed:");
  }
  const unclosed = await trial.close();
  await settled(running);
  const problems = [...unclosed, ...(await watch.findAndClean(trial.storeRoots))];
  const judged = withProblems(verdict, problems);
  const kept = options.keep === true && judged.status === "fail";
  if (!kept) await removeJail(jail);
  // A long suite of synchronous calls must still answer Ctrl-C.
  await setImmediate();
  return {
    verdict: kept ? { ...judged, reason: `${judged.reason ?? ""} [kept: ${jail}]` } : judged,
    seedUsed: trial.seedUsed,
    evidence: judged.status === "fail" ? gatherEvidence(check, trial, { ...options, kernelLog }) : [],
  };
}

async function outcomeOf(
  check: Check,
  trial: OpenTrial,
  running: Promise<unknown>,
  options: CheckRunOptions,
): Promise<Verdict> {
  const limitMs = options.limitMs ?? check.limitMs?.(trial.runs) ?? LIMIT_MS;
  try {
    const seen = await withinTime(running, limitMs, options.signal);
    return judge(check, trial.profile, typeof seen === "string" ? seen : undefined);
  } catch (error) {
    if (error instanceof SkipCheck) return { status: "skip", reason: error.message };
    return { status: "fail", reason: tell(error) };
  }
}

/** A check that was given up runs on; with its trial closed it soon fails, and must not do so while we clean up. */
async function settled(running: Promise<unknown>): Promise<void> {
  await Promise.race([running.catch(() => {}), sleep(GRACE_MS, undefined, { ref: false })]);
}

function withProblems(verdict: Verdict, problems: readonly string[]): Verdict {
  if (problems.length === 0) return verdict;
  const leaks = problems.slice(0, 6).join("; ");
  return { status: "fail", reason: verdict.status === "fail" ? `${verdict.reason}; and then ${leaks}` : leaks };
}

function tell(error: unknown): string {
  if (isStorageError(error)) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  // What failed inside an `await using` block, and then its disposal too: the first is the cause.
  if (error instanceof SuppressedError) return `${tell(error.suppressed)}; and then ${tell(error.error)}`;
  // A fault of the suite or the driver rather than a failed comparison: where it happened is what one needs.
  const unexpected = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return unexpected ? (error.stack ?? error.message) : error.message;
}

async function removeJail(jail: string): Promise<void> {
  // LeakWatch reported what could not be unmounted; removing through it would remove the layers' content.
  if (unmountBelow(jail).length > 0) return;
  try {
    await removeTree(jail);
  } catch (error) {
    process.emitWarning(`cannot remove ${jail}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
