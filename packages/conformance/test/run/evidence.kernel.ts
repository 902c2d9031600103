import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { expect, test } from "vitest";
import { driver as overlay2 } from "../../../overlay2/src/index.ts";
import type { Check } from "../../src/check.ts";
import { runSuite } from "../../src/run/run-suite.ts";
import type { CheckResult } from "../../src/runner-contract.ts";
import { scratchDirectory } from "../scratch-directory.ts";

async function failing(run: Check["run"]): Promise<{ result: CheckResult; evidence: Record<string, string> }> {
  const check: Check = { id: "XX01", title: "made for the test", cites: ["this test"], run };
  const [result] = await runSuite({ drivers: [overlay2], work: scratchDirectory(), checks: [check], seed: 7 });
  expect(result?.status).toBe("fail");
  return { result: result!, evidence: Object.fromEntries(result!.evidence!.map(({ title, text }) => [title, text])) };
}

test("a failure tells each step with its source, the mount as shell, and how to see it again", async () => {
  const { evidence } = await failing(async (t) => {
    const s = await t.scenario((root) => writeFileSync(`${root}/a`, "base"));
    s.edit((root) => writeFileSync(`${root}/b`, "first edit"));
    await s.remount();
    await s.commit();
    s.edit((root) => writeFileSync(`${root}/b`, root === s.root ? "not the same" : "as it was"));
    s.compare();
  });
  expect(evidence["See it again"]).toMatch(/^copyup conform overlay2 --only XX01 --seed 7 .*--keep$/);
  const steps = evidence["What was done"]!;
  const inOrder = [
    `writeFileSync(\`\${root}/a\`, "base")`,
    "store.importTree('$S/scenario-1/base'",
    /mount -t overlay overlay -o \S*lowerdir=\S+/,
    "first edit",
    "mounted.unmount()",
    "store.commit(",
    "not the same",
    /compared the model with the mount: \d+ differences/,
  ];
  let at = 0;
  for (const wanted of inOrder) {
    const found = typeof wanted === "string" ? steps.indexOf(wanted, at) : at + steps.slice(at).search(wanted);
    expect(found, `${wanted} after ${at} in ${steps}`).toBeGreaterThanOrEqual(at);
    at = found;
  }
  expect(evidence["How the trees differ"]).toContain("b: content");
  expect(evidence["/proc/self/mountinfo"]).toMatch(/ - overlay \S+ rw,/);
});

test("an edit whose answers differ says both, and the trees' difference is told in full", async () => {
  const { evidence } = await failing(async (t) => {
    const s = await t.scenario(() => {});
    s.observe((root) => {
      if (root !== s.root) return;
      for (let i = 0; i < 30; i++) writeFileSync(`${root}/f${i}`, "");
    });
    expect(s.differences().length).toBeGreaterThan(30);
    s.edit((root) => (root === s.root ? "yes" : "no"));
  });
  expect(evidence["What was done"]).toContain("(the model gave 'no', the mount 'yes')");
  for (let i = 0; i < 30; i++) expect(evidence["How the trees differ"]).toContain(`f${i}: a file in the mount`);
});

test("what the kernel logged meanwhile, and what the check attached", async ({ skip }) => {
  let kmsg: number;
  try {
    kmsg = openSync("/dev/kmsg", "w");
  } catch {
    return skip("only root may write to the kernel's log");
  }
  const { evidence } = await failing(async (t) => {
    t.attach("script", "echo replay");
    writeSync(kmsg, "copyup-test: said while the check ran\n");
    throw new Error("as it should be");
  });
  closeSync(kmsg);
  const log = Object.entries(evidence).find(([title]) => title.startsWith("Kernel log"))?.[1];
  expect(log).toMatch(/^\[\d+\.\d{6}\] copyup-test: said while the check ran$/m);
  expect(evidence.script).toBe("echo replay");
});

test("refused calls of the store are steps too, thousands of steps are cut in the middle", async () => {
  const { evidence } = await failing(async (t) => {
    const store = await t.store();
    await t.rejects(store.prepare({ parent: "nobody" }), "PARENT_NOT_FOUND", "a parent that is not there");
    for (let i = 0; i < 1000; i++) await store.list();
    throw new Error("as it should be");
  });
  expect(evidence["What was done"]).toMatch(/store\.prepare\({ parent: 'nobody' }\) → refused: PARENT_NOT_FOUND/);
  expect(evidence["What was done"]).toMatch(/… \d+ steps left out …/);
  expect(evidence["What was done"]!.split("\n").length).toBeLessThan(500);
});

test("a check that passes has none", async () => {
  const check: Check = { id: "XX01", title: "t", cites: ["c"], run: async (t) => void t.attach("a", "b") };
  const [result] = await runSuite({ drivers: [overlay2], work: scratchDirectory(), checks: [check] });
  expect(result).not.toHaveProperty("evidence");
});
