/**
 * Waiters of this process are told when a lock of theirs is let go, so that they need not wait for the next try. Other
 * processes cannot be told; for them there is the timer.
 */
const waiting = new Map<string, Set<() => void>>();

/** Resolves after `ms`, when the lock at `path` is let go in this process, or rejects with the signal's reason. */
export function sleepOrWake(path: string, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiters = waiting.get(path) ?? new Set();
    waiting.set(path, waiters);
    const done = (settle: () => void) => () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      waiters.delete(wake);
      if (waiters.size === 0 && waiting.get(path) === waiters) waiting.delete(path);
      settle();
    };
    const wake = done(resolve);
    const stop = done(() => reject(signal?.reason));
    const timer = setTimeout(wake, ms);
    waiters.add(wake);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Wakes the one that has waited longest; the others would only find the lock taken. */
export function wakeNext(path: string): void {
  const [first] = waiting.get(path) ?? [];
  first?.();
}
