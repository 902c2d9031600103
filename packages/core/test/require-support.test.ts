import { describe, expect, it } from "vitest";
import { type Finding, requireSupport } from "../src/index.ts";

const finding = (feature: string, more: Partial<Finding> = {}): Finding => ({
  ...{ feature, ok: false, required: true, kind: "prerequisite", evidence: `no ${feature}`, fix: null },
  ...more,
});
const refusal = (findings: Finding[], namespaceHelps = true) => {
  try {
    requireSupport({ driver: "some", root: "/store", findings, namespaceHelps });
  } catch (error) {
    return error;
  }
  return null;
};

describe("a store is opened", () => {
  it("where nothing that is required is missing", () => {
    expect(refusal([finding("a", { ok: true }), finding("b", { required: false })])).toBeNull();
  });

  it("else not, in the words of the findings, with the first way out", () => {
    const missing = [finding("a"), finding("good", { ok: true }), finding("b", { fix: "do that" })];
    expect(refusal(missing)).toMatchObject({
      code: "DRIVER_UNSUPPORTED",
      driver: "some",
      path: "/store",
      message: "some cannot work at /store: no a; no b",
      hint: "do that",
    });
  });

  it("and a namespace is told of only where it is all that is missing and would help", () => {
    expect(refusal([finding("privilege")])).toMatchObject({ code: "NEEDS_NAMESPACE" });
    expect(refusal([finding("privilege"), finding("a")])).toMatchObject({ code: "DRIVER_UNSUPPORTED" });
    expect(refusal([finding("privilege")], false)).toMatchObject({ code: "DRIVER_UNSUPPORTED" });
  });
});
