import { type DaemonStep, StorageError } from "@copyup/core";
import { AT_FDCWD, O_NOFOLLOW, O_PATH } from "../../constants.ts";
import { openAt } from "../../files/files.ts";
import { unmount } from "../calls.ts";
import type { ProcessIdentity } from "../holders.ts";
import { mountIdsAt } from "../mount-id.ts";
import { mountAt } from "../mountinfo.ts";
import { makeMountPrivate } from "../propagation.ts";
import { type StartedDaemon, startDaemon } from "./start-daemon.ts";

export interface DaemonMount {
  /** O_PATH descriptor of the mount. */
  readonly fd: number;
  readonly daemon: ProcessIdentity;
}

/**
 * Starts a daemon and waits until its filesystem is at the target, private. The daemon itself is not asked anything here: a
 * system call that it never answers could not be given up. Throws `MOUNT_FAILED` with its words when it ends before or takes
 * too long, and then leaves neither mount nor process.
 */
export function mountByDaemon(step: DaemonStep, target: string): DaemonMount {
  const before = mountIdsAt(target).id;
  const daemon = startDaemon(step, target);
  try {
    waitForMount(step, target, before, daemon);
    const fd = openAt(AT_FDCWD, target, O_PATH | O_NOFOLLOW);
    makeMountPrivate(fd);
    return { fd, daemon: daemon.process };
  } catch (error) {
    daemon.kill();
    if (mountIdsAt(target).id !== before) unmount(target, true);
    throw error;
  } finally {
    daemon.letGo();
  }
}

function waitForMount(step: DaemonStep, target: string, before: number, daemon: StartedDaemon): void {
  const { mounted, withinMs } = step.readyWhen;
  const until = performance.now() + withinMs;
  for (let pauseMs = 0.25; ; pauseMs = Math.min(pauseMs * 2, 4)) {
    // Asked first: a daemon that has mounted and then died is told by what follows.
    const running = daemon.running();
    if (mountIdsAt(target).id !== before && mountAt(target)?.type === mounted) return;
    if (!running) throw failed(step, target, "ended before anything was mounted", daemon.said());
    if (performance.now() > until) {
      throw failed(step, target, `has mounted nothing within ${withinMs / 1000} s`, daemon.said());
    }
    Atomics.wait(pause, 0, 0, pauseMs);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function failed(step: DaemonStep, target: string, how: string, said: string): StorageError {
  const program = step.argv[0] ?? "";
  return new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    path: target,
    message: `${program}, which was to mount ${target}, ${how}${said === "" ? " and said nothing" : `: ${said.replaceAll("\n", "; ")}`}`,
    hint: `the same by hand: \`copyup explain\` shows the command; with -f -d it says more`,
  });
}
