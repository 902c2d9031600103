import type { Progress } from "@copyup/core";

const MIN_INTERVAL_MS = 100;

type Report = (progress: Progress) => void;

/** Passes on at most ten reports a second. */
export function throttled(report: Report | undefined): Report | undefined {
  if (report === undefined) return undefined;
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now < next) return;
    next = now + MIN_INTERVAL_MS;
    report(progress);
  };
}
