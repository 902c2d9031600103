import { compareWithReference, quantile, summarize } from "@copyup/bench";
import { describe, expect, test } from "vitest";

describe("summary", () => {
  test("median and half the interquartile range, as a part of the median", () => {
    expect(summarize([4, 1, 3, 2, 5])).toEqual({ median: 3, spread: 1 / 3, min: 1, max: 5, runs: 5 });
    expect(summarize([10, 20]).median).toBe(15);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe("ranking", () => {
  const of = (median: number, spread: number) => ({ median, spread, min: median, max: median, runs: 5 });
  test("no ranking inside the noise floor or the spread", () => {
    expect(compareWithReference(of(104, 0.01), of(100, 0.01), 0.05).verdict).toBe("within noise");
    expect(compareWithReference(of(108, 0.1), of(100, 0.01), 0).verdict).toBe("within noise");
    expect(compareWithReference(of(108, 0.01), of(100, 0.01), 0.05)).toEqual({ ratio: 1.08, verdict: "slower" });
    expect(compareWithReference(of(50, 0.01), of(100, 0.01), 0.05).verdict).toBe("faster");
  });
  test("a spread counts by what it is of the reference", () => {
    // 1 MB, or nearly 3, is less than 116.
    expect(compareWithReference(of(1, 1.9), of(116, 0.01), 0.05).verdict).toBe("faster");
    // From 97 to 153 there is 100.
    expect(compareWithReference(of(125, 0.22), of(100, 0.01), 0.05).verdict).toBe("within noise");
  });
});
