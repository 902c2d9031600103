import { describe, expect, it } from "vitest";
import { MAX_PARENTS, planChain } from "../src/plan.ts";
import { chainOf, layerAt } from "./layers.ts";

function stepOf(...args: Parameters<typeof planChain>) {
  const [step] = planChain(...args).steps;
  if (step?.type !== "aufs") throw new Error("no aufs step");
  return step;
}

describe("the plan of a chain", () => {
  it("writes to the head, and heeds whiteouts in each other branch", () => {
    const { branches, readonly, options } = stepOf(chainOf(3), "rw");
    expect(branches).toEqual([
      { path: "/store/layers/l0/body/diff", permission: "rw" },
      { path: "/store/layers/l1/body/diff", permission: "ro+wh" },
      { path: "/store/layers/l2/body/diff", permission: "ro+wh" },
    ]);
    expect(readonly).toBe(false);
    expect(options).toContain("dirperm1");
  });

  it("has nothing to write to in a view, also of one layer alone", () => {
    for (const count of [1, 3]) {
      const { branches, readonly } = stepOf(chainOf(count), "ro");
      expect([readonly, branches.length]).toEqual([true, count]);
      expect(branches.every(({ permission }) => permission === "ro+wh")).toBe(true);
    }
  });

  it("takes 126 parents and refuses more before the kernel does", () => {
    for (const mode of ["rw", "ro"] as const) {
      expect(stepOf(chainOf(MAX_PARENTS + 1), mode).branches.length).toBe(127);
      expect(() => planChain(chainOf(MAX_PARENTS + 2), mode)).toThrow(
        expect.objectContaining({ code: "TOO_MANY_LAYERS", layer: "l0" }),
      );
    }
    expect(MAX_PARENTS).toBe(126);
  });

  it("refuses a layer that says its deletions in another way", () => {
    const chain = [layerAt("/a"), layerAt("/b", { id: "theirs", dialect: "overlay-trusted" })];
    expect(() => planChain(chain, "rw")).toThrow(/theirs is written in the dialect overlay-trusted/);
  });
});
