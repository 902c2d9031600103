import { Worker } from "node:worker_threads";

/**
 * A system call on a FUSE mount whose daemon does not answer never returns, and with it stands this whole process, its timers
 * too. So another thread watches: when the event loop has stood still for `limitMs`, it kills the daemons that serve mounts
 * below the check's directory, whereupon every such call fails with ENOTCONN, and with it that check alone.
 */
export function watchForHungMounts(directory: string, limitMs: number): Disposable {
  const watch = thread();
  const path = Buffer.from(directory);
  if (path.length > PATH_MAX) throw new RangeError(`too long to watch: ${directory}`);
  watch.path.fill(0);
  watch.path.set(path);
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
  readonly deadline: BigInt64Array;
  readonly path: Uint8Array;
}

let running: WatchThread | null = null;

function thread(): WatchThread {
  if (running !== null) return running;
  const shared = new SharedArrayBuffer(8 + PATH_MAX);
  const worker = new Worker(WATCH, { eval: true, workerData: shared, stdout: false, stderr: false });
  worker.unref();
  running = { deadline: new BigInt64Array(shared, 0, 1), path: new Uint8Array(shared, 8) };
  return running;
}

/** Plain text, so that it needs no file of its own beside a bundle. Only who has /dev/fuse open can be what is looked for. */
const WATCH = `
const { workerData } = require("node:worker_threads");
const { readdirSync, readFileSync, readlinkSync } = require("node:fs");
const deadline = new BigInt64Array(workerData, 0, 1);
const bytes = new Uint8Array(workerData, 8);
const attempt = (read, other) => { try { return read(); } catch { return other; } };
for (;;) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  const until = Atomics.load(deadline, 0);
  if (until === 0n || BigInt(Date.now()) < until) continue;
  const end = bytes.indexOf(0);
  const directory = Buffer.from(bytes.slice(0, end < 0 ? bytes.length : end)).toString();
  for (const pid of readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) {
    const words = attempt(() => readFileSync("/proc/" + pid + "/cmdline", "utf8"), "").split("\\0");
    if (!words.some((word) => word.startsWith(directory + "/"))) continue;
    const fds = attempt(() => readdirSync("/proc/" + pid + "/fd"), []);
    if (!fds.some((fd) => attempt(() => readlinkSync("/proc/" + pid + "/fd/" + fd), "") === "/dev/fuse")) continue;
    attempt(() => process.kill(Number(pid), "SIGKILL"));
  }
}
`;
