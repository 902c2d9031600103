import { describe, expect, it } from "vitest";
import { planTree } from "../src/plan.ts";
import { layerAt } from "./layers.ts";

const base = layerAt("/s/layers/base/body");
const chain = [layerAt("/s/layers/head/body", base), base];
const source = "/s/layers/head/body/tree";

describe("the plan of a chain", () => {
  it("binds the head's tree, read-only for a view", () => {
    expect(planTree(chain, "rw", true)).toEqual({ steps: [{ type: "bind", source, readonly: false }] });
    expect(planTree(chain, "ro", true)).toEqual({ steps: [{ type: "bind", source, readonly: true }] });
  });

  it("hands the tree out where nothing can be mounted", () => {
    expect(planTree(chain, "ro", false)).toEqual({ steps: [{ type: "path", source }] });
  });

  it("has no limit", () => {
    expect(
      planTree(
        Array.from({ length: 2000 }, () => base),
        "ro",
        true,
      ).steps,
    ).toHaveLength(1);
  });
});
