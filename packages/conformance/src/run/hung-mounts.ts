import { Worker } from "node:worker_threads";

/**
 * A system call on a FUSE mount whose daemon does not answer never returns, and with it stands this whole process, its timers
 * too. So another thread watches: when the event loop has stood still for `limitMs`, it kills the daemons that serve mounts
 * below the check's directory, whereupon every such call fails with ENOTCONN, and with it that check alone.
 *
 * Unless something is at work: on an emulated processor one synchronous edit of 3,000 files stands still that long, too. Then it
 * gets as much time again, as in time-limit.ts.
 */
export function watchForHungMounts(directory: string, limitMs: number): Disposable {
  const watch = thread();
  const path = Buffer.from(directory);
  if (path.length > PATH_MAX) throw new RangeError(`too long to watch: ${directory}`);
  watch.path.fill(0);
  watch.path.set(path);
  Atomics.store(watch.deadline, 1, BigInt(Math.round(limitMs)));
  const alive = () => void Atomics.store(watch.deadline, 0, BigInt(Date.now() + limitMs));
  alive();
  const beat = setInterval(alive, limitMs / 10).unref();
  return {
    [Symbol.dispose]() {
      clearInterval(beat);
      Atomics.store(watch.deadline, 0, 0n);
    },
  };
}

const PATH_MAX = 4096;

interface WatchThread {
  /** When it is to look, ms since the epoch, 0: never; and the limit, ms. */
  readonly deadline: BigInt64Array;
  readonly path: Uint8Array;
}

let running: WatchThread | null = null;

function thread(): WatchThread {
  if (running !== null) return running;
  const shared = new SharedArrayBuffer(16 + PATH_MAX);
  const worker = new Worker(WATCH, { eval: true, workerData: shared, stdout: false, stderr: false });
  worker.unref();
  running = { deadline: new BigInt64Array(shared, 0, 2), path: new Uint8Array(shared, 16) };
  return running;
}

/**
 * Plain text, so that it needs no file of its own beside a bundle. Only who has /dev/fuse open can be what is looked for. "At
 * work" is 2 % of a processor, as in time-limit.ts; for four limits more at most.
 */
const WATCH = `
const { workerData } = require("node:worker_threads");
const { readdirSync, readFileSync, readlinkSync } = require("node:fs");
const deadline = new BigInt64Array(workerData, 0, 2);
const bytes = new Uint8Array(workerData, 16);
const attempt = (read, other) => { try { return read(); } catch { return other; } };
const sleep = (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const daemons = (directory) => readdirSync("/proc").filter((name) => {
  if (!/^[0-9]+$/.test(name)) return false;
  const words = attempt(() => readFileSync("/proc/" + name + "/cmdline", "utf8"), "").split("\\0");
  if (!words.some((word) => word.startsWith(directory + "/"))) return false;
  const fds = attempt(() => readdirSync("/proc/" + name + "/fd"), []);
  return fds.some((fd) => attempt(() => readlinkSync("/proc/" + name + "/fd/" + fd), "") === "/dev/fuse");
});
const worked = (pids) => pids.reduce((ms, pid) => {
  const stat = attempt(() => readFileSync("/proc/" + pid + "/stat", "utf8"), "");
  const times = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ms + 10 * (Number(times[11]) + Number(times[12]) || 0);
}, 0);
for (;;) {
  sleep(500);
  const until = Atomics.load(deadline, 0);
  if (until === 0n || BigInt(Date.now()) < until) continue;
  const limit = Number(Atomics.load(deadline, 1));
  const end = bytes.indexOf(0);
  const pids = daemons(Buffer.from(bytes.slice(0, end < 0 ? bytes.length : end)).toString());
  if (pids.length === 0) continue;
  const look = Math.max(500, limit / 10);
  const atWork = () => {
    const before = worked([...pids, "self"]);
    sleep(look);
    return worked([...pids, "self"]) - before >= look * 0.02;
  };
  while (Atomics.load(deadline, 0) === until && BigInt(Date.now()) < until + BigInt(4 * limit) && atWork());
  if (Atomics.load(deadline, 0) === until) for (const pid of pids) attempt(() => process.kill(Number(pid), "SIGKILL"));
}
`;
