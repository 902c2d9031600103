import { mkdirSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { mountsBelow, unmount } from "@copyup/linux";
import { expect, test } from "vitest";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import type { Check } from "../../src/check.ts";
import { runCheck } from "../../src/run/run-check.ts";
import { runSuite } from "../../src/run/run-suite.ts";
import { openSession } from "../../src/run/session.ts";
import type { CheckResult } from "../../src/runner-contract.ts";
import { scratchDirectory } from "../scratch-directory.ts";

function check(run: Check["run"], more: Partial<Check> = {}): Check {
  return { id: "XX01", title: "made for the test", cites: ["this test"], run, ...more };
}

async function runOne(one: Check): Promise<CheckResult & { left: string[] }> {
  const work = scratchDirectory();
  const [result] = await runSuite({ drivers: [overlay2], work, checks: [one], seed: 7 });
  expect(mountsBelow(work)).toEqual([]);
  return { ...result!, left: readdirSync(work) };
}

test("a check gets an empty directory, a store and the seed, and nothing of it stays", async () => {
  const result = await runOne(
    check(async (t) => {
      t.equal(readdirSync(t.scratch), [], "the scratch directory");
      const store = await t.store();
      t.equal(await store.list(), [], "layers");
      t.equal(t.seed, 7, "seed");
    }),
  );
  expect(result).toMatchObject({ driver: "overlay2", id: "XX01", status: "pass", seed: 7, left: [] });
});

test("a mount that a check leaves fails it and is unmounted", async () => {
  const result = await runOne(
    check(async (t) => {
      const store = await t.store();
      const { id } = await store.prepare();
      const target = t.directoryFor("target");
      await store.mount(id, { target, owner: "store" });
    }),
  );
  expect(result).toMatchObject({
    status: "fail",
    reason: expect.stringMatching(/mount left: overlay at .*target-1/),
    left: [],
  });
});

test("so does a mount that a descriptor keeps busy, and the descriptor", async () => {
  const result = await runOne(
    check(async (t) => {
      const s = await t.scenario((root) => writeFileSync(`${root}/f`, ""));
      openSync(`${s.root}/f`, "r");
    }),
  );
  expect(result).toMatchObject({ status: "fail", left: [] });
  expect(result.reason).toMatch(/unmounting the scenario.*mount left.*descriptor left open/s);
});

test("an unmount behind the store's back leaves a record, which is told", async () => {
  const result = await runOne(
    check(async (t) => {
      const store = await t.store();
      const { id } = await store.prepare();
      const target = t.directoryFor("target");
      await store.mount(id, { target, owner: "store" });
      unmount(target);
    }),
  );
  expect(result).toMatchObject({
    status: "fail",
    reason: expect.stringContaining("the closed store still holds run/mounts/"),
  });
});

test("a check that hangs is ended, its mount and its child with it", async () => {
  const work = scratchDirectory();
  const session = await openSession(overlay2, work);
  let child = 0;
  const hangs = check(async (t) => {
    await t.scenario((root) => mkdirSync(`${root}/d`));
    child = (await t.spawn("sleep", ["600"])).pid;
    await new Promise(() => {});
  });
  expect(await runCheck(session, hangs, { seed: 1, limitMs: 300 })).toMatchObject({
    status: "fail",
    reason: expect.stringMatching(/^not done after 0\.\d s$/),
  });
  expect(() => process.kill(child, 0)).toThrow("ESRCH");
  expect(readdirSync(work)).toEqual([]);
});

test("what a check that was given up tries afterwards is refused", async () => {
  const work = scratchDirectory();
  const session = await openSession(overlay2, work);
  let refused: unknown = null;
  const late = check(async (t) => {
    await sleep(700);
    refused = await t.scenario((root) => mkdirSync(`${root}/d`)).catch((error: unknown) => error);
  });
  expect(await runCheck(session, late, { seed: 1, limitMs: 100 })).toMatchObject({
    status: "fail",
    reason: expect.stringMatching(/^not done after 0\.\d s$/),
  });
  expect(refused).toMatchObject({ message: "the check was ended before" });
  expect(readdirSync(work)).toEqual([]);
});

test("an abort ends the running check and the suite, and leaves nothing", async () => {
  const work = scratchDirectory();
  const stop = new AbortController();
  const slow = check(async (t) => {
    await t.scenario((root) => mkdirSync(`${root}/d`));
    stop.abort();
    await sleep(60_000, undefined, { ref: false });
  });
  const never = check(async () => expect.unreachable(), { id: "XX02" });
  const results: CheckResult[] = [];
  const suite = runSuite({
    drivers: [overlay2],
    work,
    checks: [slow, never],
    signal: stop.signal,
    onResult: (r) => results.push(r),
  });
  await expect(suite).rejects.toMatchObject({ code: "ABORTED" });
  expect(results).toEqual([]);
  expect(readdirSync(work)).toEqual([]);
});

test("results come in order, one driver after the other, with what is still to come", async () => {
  const checks = ["XX01", "XX02"].map((id) => check(async () => {}, { id }));
  const seen: string[] = [];
  await runSuite({
    drivers: [overlay2, { ...overlay2, name: "other" }],
    work: scratchDirectory(),
    checks,
    onResult: (result, { done, total }) => seen.push(`${result.driver} ${result.id} ${done}/${total}`),
  });
  expect(seen).toEqual(["overlay2 XX01 1/4", "overlay2 XX02 2/4", "other XX01 3/4", "other XX02 4/4"]);
});

test("a driver that does not work here is skipped with its probe's evidence and fix", async () => {
  const finding = {
    feature: "unicorns",
    ok: false,
    required: true,
    kind: "prerequisite",
    evidence: "no unicorn in /proc",
    fix: "feed one",
  } as const;
  const [result] = await runSuite({
    drivers: [{ ...overlay2, probe: async () => [finding] }],
    work: scratchDirectory(),
    checks: [check(async () => expect.unreachable())],
  });
  expect(result).toMatchObject({
    status: "skip",
    reason: "overlay2 does not work here: unicorns: no unicorn in /proc (feed one)",
  });
});

test("a need that this host does not meet skips the check and says which", async () => {
  const result = await runOne(check(async () => expect.unreachable(), { needs: ["root", "tool:no-such-program"] }));
  expect(result).toMatchObject({ status: "skip", reason: "needs the program no-such-program, which is not on PATH" });
});

test("heavy checks run when asked for, or when named in full", async () => {
  const heavy = check(async () => {}, { heavy: true });
  const run = async (more: object) =>
    (await runSuite({ drivers: [overlay2], work: scratchDirectory(), checks: [heavy], ...more })).map(
      (result) => result.status,
    );
  expect(await run({})).toEqual(["skip"]);
  expect(await run({ only: ["XX"] })).toEqual(["skip"]);
  expect(await run({ heavy: true })).toEqual(["pass"]);
  expect(await run({ only: ["XX01"] })).toEqual(["pass"]);
});

test("the scratch directory of a failed check can be kept, unmounted", async () => {
  const work = scratchDirectory();
  const fails = check(async (t) => {
    await t.scenario((root) => writeFileSync(`${root}/f`, "evidence"));
    throw new Error("as it should be");
  });
  const [result] = await runSuite({
    drivers: [overlay2],
    work,
    checks: [fails, check(async () => {}, { id: "XX02" })],
    keep: true,
  });
  expect(result?.reason).toMatch(/^as it should be \[kept: .*\/XX01-\w+\]$/);
  expect(readdirSync(work)).toHaveLength(1);
  expect(mountsBelow(work)).toEqual([]);
});
