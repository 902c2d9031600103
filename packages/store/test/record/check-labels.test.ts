import { expect, it } from "vitest";
import { checkLabels } from "../../src/record/check-labels.ts";

it.each([
  [{ "": "x" }],
  [{ ["k".repeat(257)]: "x" }],
  [{ key: "v".repeat(4097) }],
  [{ key: "ü".repeat(2049) }],
  [{ key: 1 as unknown as string }],
])("refuses the labels of case %#", (labels) => {
  expect(() => checkLabels(labels, "labels")).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
});

it("takes labels up to the limits, and null for one that goes", () => {
  checkLabels({ ["k".repeat(256)]: "v".repeat(4096), gone: null }, "labels");
});
