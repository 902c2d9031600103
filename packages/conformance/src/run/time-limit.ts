import { StorageError } from "@copyup/core";

/** How many times its limit a check may take that is at work all the while. */
const AT_WORK = 5;
/** This share of a processor is being at work: on a busy machine, or in an emulated one, there may be no more. */
const SHARE = 0.02;

/** After that long a check is given up in any case. */
export function longestMs(limitMs: number): number {
  return AT_WORK * limitMs;
}

/**
 * Settles as `work` does, or rejects when the time is up or the signal fires. What runs on then is not waited for. The limit
 * is for what hangs: where this process was at work the time is given again, because how long work takes depends on what
 * else the machine does.
 */
export async function withinTime<T>(work: Promise<T>, limitMs: number, signal: AbortSignal | undefined): Promise<T> {
  work.catch(() => {});
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    let given = 1;
    let before = process.cpuUsage();
    const expire = () => {
      const { user, system } = process.cpuUsage(before);
      const share = (user + system) / 1000 / limitMs;
      if (share < SHARE || given === AT_WORK) return reject(new Error(`not done after ${(given * limitMs) / 1000} s`));
      given++;
      before = process.cpuUsage();
      timer = setTimeout(expire, limitMs);
    };
    let timer = setTimeout(expire, limitMs);
    const onAbort = () => reject(aborted());
    signal?.addEventListener("abort", onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    stop();
  }
}

export function aborted(): StorageError {
  return new StorageError({
    code: "ABORTED",
    op: "conform",
    message: "the suite was aborted; what it had made was removed",
  });
}
