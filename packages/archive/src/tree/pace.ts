import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { LongOptions } from "./contract.ts";

/** A long loop of system calls may keep the event loop this long; so an abort is seen within 100 ms (house rule 9). */
const SLICE_MS = 10;

/** Work written as a generator: it yields whenever `pace.due` says so, and nothing else. */
export type Paced<T> = Generator<undefined, T, undefined>;

/** Counts what a long walk has done, says when to let others run, reports progress and sees the signal. */
export class Pace {
  entries = 0;
  bytes = 0;
  private readonly phase: string;
  private readonly signal: AbortSignal | undefined;
  private readonly onProgress: LongOptions["onProgress"];
  private until = performance.now() + SLICE_MS;

  /** Throws the signal's reason if it is aborted already. */
  constructor(phase: string, o: LongOptions = {}) {
    this.phase = phase;
    this.signal = o.signal;
    this.onProgress = o.onProgress;
    this.signal?.throwIfAborted();
  }

  get due(): boolean {
    return performance.now() >= this.until;
  }

  /** Rejects with the signal's reason. */
  async rest(): Promise<void> {
    this.report();
    await setImmediate();
    this.signal?.throwIfAborted();
    this.until = performance.now() + SLICE_MS;
  }

  report(): void {
    this.onProgress?.({ phase: this.phase, entries: this.entries, bytes: this.bytes });
  }
}

/** Runs paced work to its end; its `finally` blocks run also when the signal ends it early. */
export async function runPaced<T>(work: Paced<T>, pace: Pace): Promise<T> {
  let finished = false;
  try {
    for (;;) {
      const step = work.next();
      if (step.done) {
        finished = true;
        pace.report();
        return step.value;
      }
      await pace.rest();
    }
  } finally {
    if (!finished) work.return(undefined as T);
  }
}
