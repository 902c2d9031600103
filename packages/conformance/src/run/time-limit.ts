import { StorageError } from "@copyup/core";

/** Settles as `work` does, or rejects when the time is up or the signal fires. What runs on then is not waited for. */
export async function withinTime<T>(work: Promise<T>, limitMs: number, signal: AbortSignal | undefined): Promise<T> {
  work.catch(() => {});
  let stop = () => {};
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done after ${limitMs / 1000} s`)), limitMs);
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
