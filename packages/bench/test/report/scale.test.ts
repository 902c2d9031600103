import { expect, test } from "vitest";
import { amount, roundAmount } from "../../src/report/amount.ts";
import { scaleOf } from "../../src/report/svg/scale.ts";

test.each([
  [
    [42.7, 1364],
    [20, 50, 100, 200, 500, 1000, 2000],
  ],
  [
    [1, 499],
    [1, 2, 5, 10, 20, 50, 100, 200, 500],
  ],
  [
    [1e-3, 1e6],
    [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6],
  ],
  [
    [7, 7],
    [5, 10],
  ],
])("values from %s: the axis is named at %s, evenly by ratio", (values, ticks) => {
  const scale = scaleOf(values);
  expect(scale.log).toBe(true);
  expect(scale.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
  expect(scale.at(ticks[0]!)).toBeCloseTo(0);
  expect(scale.at(ticks.at(-1)!)).toBeCloseTo(1);
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  expect(scale.at(Math.sqrt(low * high))).toBeCloseTo(0.5);
});

test("a figure that is nothing, or less, has no logarithm: the axis begins at zero or below", () => {
  expect(scaleOf([0, 40])).toMatchObject({ log: false, ticks: [0, 10, 20, 30, 40] });
  const below = scaleOf([-15, 40]);
  expect([below.log, below.ticks[0]! <= -15, below.ticks.includes(0)]).toEqual([false, true, true]);
  expect(scaleOf([0, 0]).at(0)).toBe(0);
});

test.each([
  ["cpuMs", 0.0853, "85.3 µs"],
  ["cpuMs", 62.71, "62.7 ms"],
  ["wallMs", 1381, "1.38 s"],
  ["wallMs", 0, "0 ms"],
  ["peakBytes", 160e6, "160 MB"],
  ["diskBytes", -4096, "−4.10 kB"],
  ["writtenBytes", 512, "512 B"],
  ["inodes", 22013, "22,013"],
] as const)("%s of %s is %s", (figure, value, text) => expect(amount(figure, value)).toBe(text));

test.each([
  ["cpuMs", 20, "20 ms"],
  ["cpuMs", 500, "500 ms"],
  ["cpuMs", 0.2, "200 µs"],
  ["wallMs", 2000, "2 s"],
  ["diskBytes", 2.5e6, "2.5 MB"],
  ["inodes", 20000, "20,000"],
] as const)("on an axis %s of %s is %s", (figure, value, text) => expect(roundAmount(figure, value)).toBe(text));
