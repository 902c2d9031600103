import type { Profile } from "@copyup/core";
import { expect, test } from "vitest";
import type { Check } from "../../src/check.ts";
import { allChecks } from "../../src/checks/index.ts";
import { judge, profileProblems } from "../../src/run/verdict.ts";

const check: Check = {
  id: "XX01",
  title: "t",
  cites: ["c"],
  deviations: { odd: "does it oddly" },
  run: async () => {},
};

function profile(...deviations: Profile["deviations"]): Profile {
  return { driver: "d", deviations };
}

const odd = { check: "XX01", outcome: "odd", because: "so it is" };

test("the reference's behaviour passes where nothing is declared", () => {
  expect(judge(check, profile(), undefined)).toEqual({ status: "pass" });
});

test("a deviation as declared deviates, with the profile's reason", () => {
  expect(judge(check, profile(odd), "odd")).toEqual({ status: "deviates", reason: "odd: so it is" });
});

test("a deviation not declared fails", () => {
  expect(judge(check, profile(), "odd")).toMatchObject({
    status: "fail",
    reason: expect.stringContaining("does not declare"),
  });
});

test("a declared deviation that does not happen fails", () => {
  expect(judge(check, profile(odd), undefined)).toMatchObject({
    status: "fail",
    reason: expect.stringContaining('profile says "odd", saw reference'),
  });
});

test("an outcome the check does not list fails", () => {
  expect(judge(check, profile(odd), "other")).toMatchObject({
    status: "fail",
    reason: expect.stringContaining('"other"'),
  });
});

test("a profile's claims that nothing can prove are named", () => {
  const claims = [odd, odd, { ...odd, check: "ZZ99" }, { ...odd, check: "CU07" }];
  expect(profileProblems(profile(...claims), [check, ...allChecks])).toEqual([
    "the profile speaks of ZZ99, which is no check",
    'the profile gives CU07 the outcome "odd", which it cannot have',
    "the profile speaks of XX01 twice",
  ]);
});

test("what a profile says of elsewhere is about checks and their outcomes too, and says where", () => {
  const elsewhere = [
    { ...odd, where: "on btrfs" },
    { ...odd, outcome: "other", where: "before Linux 6.7" },
    { ...odd, check: "ZZ99", where: "on btrfs" },
  ];
  expect(profileProblems({ driver: "d", deviations: [odd], elsewhere: [...elsewhere, odd] }, [check])).toEqual([
    'the profile gives XX01 the outcome "other", which it cannot have',
    "the profile speaks of ZZ99, which is no check",
    "the profile does not say where else XX01 deviates",
  ]);
});
