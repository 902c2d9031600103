import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Deviation, DriverModule, Profile } from "@copyup/core";
import { expect, onTestFinished, test } from "vitest";
import { driver as plainCopy } from "../../../plain-copy/src/index.ts";
import { allChecks, type Check, describePromises, familyName, familyOf, openSession } from "../../src/index.ts";

const check = (id: string, more: Partial<Check> = {}): Check => ({
  id,
  title: `title of ${id}`,
  cites: ["a document"],
  deviations: { odd: "does it oddly", odder: "does it more oddly" },
  run: async () => {},
  ...more,
});

function claim(id: string, more: Partial<Deviation> = {}): Deviation {
  return { check: id, outcome: "odd", because: "so it is", ...more };
}

function promises(driver: DriverModule, checks: readonly Check[]) {
  const work = mkdtempSync(`${tmpdir()}/promises-`);
  onTestFinished(() => rmSync(work, { recursive: true }));
  return openSession(driver, work).then((session) => describePromises(session, checks));
}

function withProfile(profile: Partial<Profile>): DriverModule {
  return { ...plainCopy, profile: () => ({ driver: "plain-copy", deviations: [], ...profile }) };
}

test("each check is promised or disclaimed once, by family, with what its word means", async () => {
  const driver = withProfile({
    deviations: [claim("CU02", { source: "a test", where: "on ext4" })],
    elsewhere: [
      claim("CU01", { outcome: "odder", where: "before Linux 6.7", changedIn: "6.7" }),
      claim("CU02", { outcome: "odder", where: "on xfs" }),
    ],
  });
  const { works, families } = await promises(driver, [check("CU01"), check("CU02"), check("ZZ01")]);
  expect(works).toBe(true);
  expect(families.map(({ id, name }) => [id, name])).toEqual([
    ["CU", "copy-up"],
    ["ZZ", "ZZ"],
  ]);
  const [family] = families;
  expect(family?.promises).toEqual([{ check: "CU01", title: "title of CU01", cites: ["a document"], unproven: null }]);
  expect(family?.disclaims).toMatchObject([
    {
      check: "CU02",
      outcome: "odd",
      meaning: "does it oddly",
      because: "so it is",
      source: "a test",
      where: "on ext4",
    },
  ]);
  expect(family?.elsewhere).toMatchObject([
    { check: "CU01", meaning: "does it more oddly", where: "before Linux 6.7", changedIn: "6.7", source: null },
    { check: "CU02", where: "on xfs", changedIn: null },
  ]);
});

test("what cannot be proven here says why", async () => {
  const { families } = await promises(withProfile({}), [check("CU01", { needs: ["tool:no-such-program"] })]);
  expect(families[0]?.promises[0]?.unproven).toContain("no-such-program");
});

test("a driver that does not work promises nothing and shows its evidence", async () => {
  const refusing: DriverModule = {
    ...plainCopy,
    probe: async () => [
      { feature: "moon", ok: false, required: true, kind: "unsupported", evidence: "new moon", fix: null },
    ],
  };
  const told = await promises(refusing, allChecks);
  expect(told).toMatchObject({ works: false, families: [], findings: [{ evidence: "new moon" }] });
});

test("every family of the suite has a name", () => {
  const families = new Set(allChecks.map(({ id }) => familyOf(id)));
  expect([...families].filter((family) => familyName(family) === family)).toEqual([]);
});
