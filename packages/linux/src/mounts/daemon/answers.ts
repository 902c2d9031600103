import { statfs } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** `ENOTCONN` is what the kernel says for a dead daemon; `silent`: no answer came in time. */
export type DaemonAnswer = "yes" | "dead" | "silent";

/**
 * Does a mount's daemon answer? Asked in libuv's pool, and not waited for longer than `withinMs`. The thread of a question
 * that is never answered stays taken until that daemon ends: kill it.
 */
export async function daemonAnswers(target: string, withinMs: number): Promise<DaemonAnswer> {
  const given = new AbortController();
  const late = setTimeout(withinMs, "silent" as const, { signal: given.signal }).catch(() => "silent" as const);
  const asked = statfs(target).then(
    () => "yes" as const,
    (error: NodeJS.ErrnoException) => {
      // ECONNABORTED: the connection was aborted by hand (/sys/fs/fuse/connections/N/abort).
      if (error.code === "ENOTCONN" || error.code === "ECONNABORTED") return "dead" as const;
      throw error;
    },
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    given.abort();
  }
}
