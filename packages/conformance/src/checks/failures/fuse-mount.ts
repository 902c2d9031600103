import { statSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { mount2, unmount } from "@copyup/linux";
import type { Child, Trial } from "../../trial/trial.ts";
import { mountsAt } from "../mounts/ground.ts";

/** A real FUSE filesystem whose daemon can be stopped and killed. Needs `root` and `tool:fuse-overlayfs`. */
export interface FuseMount extends AsyncDisposable {
  readonly target: string;
  readonly daemon: Child;
  /** The daemon answers no more: whoever asks waits, for all time. */
  freeze(): void;
  /**
   * Ends that wait by itself after so many seconds, in a process of its own: ours hangs in a system call by then. Gives what
   * calls it off.
   */
  abortIn(seconds: number): Promise<Child>;
}

/** The sleep outlives a shell that is killed, and must not keep its pipes open. */
const SOON = 'sleep "$1" <&- >/dev/null 2>&1; echo 1 > "$2"';

/** Shows `source` at `target`, through fuse-overlayfs. Ends the check where no FUSE filesystem can be mounted. */
export async function fuseMount(trial: Trial, source: string, target: string): Promise<FuseMount> {
  if (!statSync("/dev/fuse", { throwIfNoEntry: false })?.isCharacterDevice()) trial.skip("there is no /dev/fuse");
  const [upper, work, control] = ["upper", "work", "fusectl"].map((name) => trial.directoryFor(name)) as [
    string,
    string,
    string,
  ];
  const options = `lowerdir=${source},upperdir=${upper},workdir=${work}`;
  const daemon = await trial.spawn("fuse-overlayfs", ["-f", "-o", options, target]);
  const minor = await mountedMinor(trial, daemon, target);
  // Killed during its first exchange with the kernel (FUSE_INIT) it would leave ECONNREFUSED for all time, not ENOTCONN (seen on 7.2).
  await readdir(target);
  mount2("fusectl", control, "fusectl", 0, "");
  const abort = `${control}/${minor}/abort`;
  return {
    target,
    daemon,
    freeze: () => process.kill(daemon.pid, "SIGSTOP"),
    abortIn: (seconds) => trial.spawn("sh", ["-c", SOON, "sh", String(seconds), abort]),
    async [Symbol.asyncDispose]() {
      // First of all: a stopped daemon must leave nobody waiting in the kernel, where no signal reaches.
      trial.errno(() => writeFileSync(abort, "1"));
      await daemon.kill("SIGKILL");
      for (const mount of mountsAt(target)) if (/^fuse/.test(mount.type)) unmount(target, true);
      unmount(control);
    },
  };
}

/** The connection's number is the minor one of the device. */
async function mountedMinor(trial: Trial, daemon: Child, target: string): Promise<number> {
  for (const end = performance.now() + 30_000; performance.now() < end; await sleep(10)) {
    const mount = mountsAt(target).find(({ type }) => /^fuse/.test(type));
    if (mount) return mount.minor;
    if (trial.errno(() => process.kill(daemon.pid, 0)) !== null) break;
  }
  const { status, stderr } = await daemon.done();
  trial.skip(`fuse-overlayfs did not mount here: status ${status}: ${stderr.trim()}`);
}
