import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withinTime } from "../../src/run/time-limit.ts";

/** Keeps the processor busy and lets timers run. */
async function workFor(ms: number): Promise<string> {
  for (const end = performance.now() + ms; performance.now() < end; ) await setImmediate();
  return "done";
}

test("what waits and does nothing is given up when its time is over", async () => {
  const started = performance.now();
  await expect(withinTime(sleep(5000, "done", { ref: false }), 200, undefined)).rejects.toThrow("not done after 0.2 s");
  expect(performance.now() - started).toBeLessThan(4000);
});

test("what is at work gets more of it, but not for ever", async () => {
  expect(await withinTime(workFor(500), 200, undefined)).toBe("done");
  await expect(withinTime(workFor(5000), 100, undefined)).rejects.toThrow(/not done after 0\.[1-5] s/);
});

test("an abort ends it at once", async () => {
  const running = withinTime(sleep(5000, "done", { ref: false }), 4000, AbortSignal.timeout(10));
  await expect(running).rejects.toMatchObject({ code: "ABORTED" });
});
