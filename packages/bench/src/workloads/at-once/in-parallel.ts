/** So many of the jobs at a time, the next one begun as soon as one has ended. */
export async function inParallel(jobs: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const waiting = jobs.values();
  const work = async () => {
    for (const job of waiting) await job();
  };
  await Promise.all(Array.from({ length: width }, work));
}
