import { Worker } from "node:worker_threads";

/** Tells, beside the main thread, that a check which takes long still does something. */
export interface SignsOfLife extends Disposable {
  began(what: string): void;
  ended(): void;
}

export interface SignsOptions {
  readonly everyMs: number;
  /** Where the lines go. */
  readonly fd: number;
}

const NONE: SignsOfLife = { began() {}, ended() {}, [Symbol.dispose]() {} };
const NAME_BYTES = 64;

/**
 * Whoever watches a run from outside (a virtual machine's console, CI) takes silence for a hang, and a single copy-up of
 * gigabytes in an emulated machine is minutes of it. The main thread stands in that system call, so another one looks at what
 * the kernel counts for this process, and says a line only where processor time was used or bytes went since the last.
 */
export function signsOfLife(wanted: boolean, options: SignsOptions = { everyMs: 30_000, fd: 2 }): SignsOfLife {
  if (!wanted) return NONE;
  const shared = new SharedArrayBuffer(4 + NAME_BYTES);
  const turn = new Int32Array(shared, 0, 1);
  const name = new Uint8Array(shared, 4);
  const worker = new Worker(WATCH, { eval: true, workerData: { shared, ...options } });
  worker.unref();
  const next = (what: string) => {
    name.fill(0);
    name.set(Buffer.from(what).subarray(0, NAME_BYTES));
    Atomics.add(turn, 0, 1);
    Atomics.notify(turn, 0);
  };
  return {
    began: next,
    ended: () => next(""),
    [Symbol.dispose]: () => void worker.terminate(),
  };
}

/** Plain text, so that it needs no file of its own beside a bundle. */
const WATCH = `
const { workerData: { shared, everyMs, fd } } = require("node:worker_threads");
const { readFileSync, writeSync } = require("node:fs");
const { isatty } = require("node:tty");
const turn = new Int32Array(shared, 0, 1);
const name = new Uint8Array(shared, 4);
const attempt = (act) => { try { return act(); } catch { return undefined; } };
const field = (text, key) => Number(new RegExp("^" + key + ": (\\\\d+)", "m").exec(text)?.[1] ?? 0);
const counted = () => {
  const stat = attempt(() => readFileSync("/proc/self/stat", "utf8")) ?? "";
  const times = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const io = attempt(() => readFileSync("/proc/self/io", "utf8")) ?? "";
  return {
    seconds: (Number(times[11]) + Number(times[12])) / 100,
    bytes: field(io, "rchar") + field(io, "wchar") + field(io, "read_bytes") + field(io, "write_bytes"),
  };
};
// What reading these files counts itself.
const OWN_BYTES = 4096;
for (;;) {
  const mine = Atomics.load(turn, 0);
  const started = Date.now();
  let before = counted();
  while (Atomics.wait(turn, 0, mine, everyMs) === "timed-out") {
    const what = Buffer.from(name.slice()).toString().replace(/\\0.*$/s, "");
    if (what === "") continue;
    const now = counted();
    const seconds = now.seconds - before.seconds;
    const bytes = now.bytes - before.bytes;
    before = now;
    if (seconds < everyMs / 100000 && bytes < OWN_BYTES) continue;
    // On a console the line of the check that goes on stands before it.
    const line = (isatty(fd) ? "\\n" : "") + what + " goes on after " + Math.round((Date.now() - started) / 1000) + " s: since the last look "
      + seconds.toFixed(1) + " s of processor time, " + (bytes / 2 ** 20).toFixed(1) + " MiB read and written\\n";
    attempt(() => writeSync(fd, line));
  }
}
`;
