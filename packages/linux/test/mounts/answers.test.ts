import { expect, it } from "vitest";
import { daemonAnswers } from "../../src/index.ts";

it("counts as silence only the time in which an answer could be read", async () => {
  const answer = daemonAnswers("/", 100);
  // As a synchronous mount of something else does: the answer comes meanwhile, and so does the end of the time.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  expect(await answer).toBe("yes");
});
