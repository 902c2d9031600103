import type { OverlayStep } from "@copyup/core";
import { describe, expect, it } from "vitest";
import { planChain } from "../src/plan.ts";
import { chainOf } from "./layers.ts";

const options = { xino: null };
const step = (...args: Parameters<typeof planChain>) => planChain(...args).steps[0] as OverlayStep;

describe("the plan of a chain", () => {
  it("written: the head is the upper, its ancestors the lowers, nearest first", () => {
    expect(step(chainOf(3), "rw", options)).toMatchObject({
      type: "overlay",
      lowers: ["/s/layers/1/body/diff", "/s/layers/0/body/diff"],
      upper: "/s/layers/2/body/diff",
      work: "/s/layers/2/body/work",
    });
  });

  it("viewed: all are lowers", () => {
    expect(step(chainOf(3), "ro", options)).toMatchObject({
      lowers: ["/s/layers/2/body/diff", "/s/layers/1/body/diff", "/s/layers/0/body/diff"],
      upper: null,
      work: null,
    });
  });

  it("of a base alone has an empty lower below", () => {
    expect(step(chainOf(1), "rw", options)).toMatchObject({
      lowers: ["/s/layers/0/body/empty"],
      upper: "/s/layers/0/body/diff",
    });
    expect(step(chainOf(1), "ro", options)).toMatchObject({
      lowers: ["/s/layers/0/body/diff", "/s/layers/0/body/empty"],
      upper: null,
    });
  });

  it("is one step", () => {
    expect(planChain(chainOf(2), "rw", options).steps).toHaveLength(1);
  });

  it.each(["rw", "ro"] as const)("of 500 layers is the longest (%s)", (mode) => {
    expect(step(chainOf(500), mode, options).lowers.length).toBe(mode === "rw" ? 499 : 500);
  });

  it("of more is refused before the kernel refuses it", () => {
    const tooMany = expect.objectContaining({ code: "TOO_MANY_LAYERS", driver: "overlay2", layer: "500" });
    expect(() => planChain(chainOf(501), "ro", options)).toThrow(tooMany);
    expect(() => planChain(chainOf(502), "rw", options)).toThrow(expect.objectContaining({ code: "TOO_MANY_LAYERS" }));
  });

  it("follows the dialect the layers are written in, not the host", () => {
    expect(step(chainOf(2, "overlay-user"), "rw", options).options).toContain("userxattr");
    expect(step(chainOf(2, "overlay-trusted"), "rw", options).options).not.toContain("userxattr");
  });

  it("of two dialects, or of another driver's, is refused", () => {
    const [head, base] = [chainOf(1, "overlay-user")[0]!, chainOf(1)[0]!];
    expect(() => planChain([head, base], "ro", options)).toThrow(expect.objectContaining({ code: "STORE_FORMAT" }));
    expect(() => planChain(chainOf(1, "tree"), "ro", options)).toThrow(
      expect.objectContaining({ code: "STORE_FORMAT" }),
    );
  });

  it("never has an upper among the lowers, nor in one", () => {
    const { lowers, upper, work } = step(chainOf(4), "rw", options);
    for (const lower of lowers) {
      for (const own of [upper!, work!])
        expect(`${own}/`.startsWith(`${lower}/`) || `${lower}/`.startsWith(`${own}/`)).toBe(false);
    }
  });
});
