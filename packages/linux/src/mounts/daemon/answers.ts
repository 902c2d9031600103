import { statfs } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** `ENOTCONN` is what the kernel says for a dead daemon; `silent`: no answer came in time. */
export type DaemonAnswer = "yes" | "dead" | "silent";

/** Of the time that may pass without an answer. */
const SLICES = 20;

/**
 * Does a mount's daemon answer? Asked in libuv's pool, and not waited for longer than `withinMs`, in which only what this
 * thread was free counts: where it stood in a system call, or mounted something else, the answer may lie there unread. The
 * thread of a question that is never answered stays taken until that daemon ends: kill it.
 */
export async function daemonAnswers(target: string, withinMs: number): Promise<DaemonAnswer> {
  const asked = statfs(target).then(
    () => "yes" as const,
    (error: NodeJS.ErrnoException) => {
      // ECONNABORTED: the connection was aborted by hand (/sys/fs/fuse/connections/N/abort).
      if (error.code === "ENOTCONN" || error.code === "ECONNABORTED") return "dead" as const;
      throw error;
    },
  );
  for (let slice = 0; slice < SLICES; slice++) {
    const answer = await Promise.race([asked, setTimeout(withinMs / SLICES, null, { ref: false })]);
    if (answer !== null) return answer;
  }
  return "silent";
}
