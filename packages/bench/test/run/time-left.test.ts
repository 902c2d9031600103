import { expect, test } from "vitest";
import { about, TimeLeft } from "../../src/run/time-left.ts";

test("a series by its runs, further makers as dear as those before", () => {
  let now = 0;
  const left = new TimeLeft(3, () => now);
  left.makerBegins();
  now = 1000;
  left.seriesBegins();
  now = 2000;
  // 4 runs in all: 3 s are left of this one, 5 s it takes in all, and two more of those.
  expect(left.afterRun(1, 4, 0)).toBe(3000 + 2 * 5000);
  now = 5000;
  left.makerEnds();
  left.makerBegins();
  left.seriesBegins();
  now = 5500;
  expect(left.afterRun(1, 2, 0)).toBe(500 + (5000 + 1000) / 2);
});

test("a curve's further points as dear as the one at hand", () => {
  let now = 0;
  const left = new TimeLeft(1, () => now);
  left.makerBegins();
  left.seriesBegins();
  now = 100;
  expect(left.afterRun(1, 2, 3)).toBe(100 + 2 * 200);
  now = 200;
  left.seriesBegins();
  now = 800;
  expect(left.afterRun(2, 2, 3)).toBe(600);
});

test.each([
  [0, "about 5 s"],
  [41_000, "about 45 s"],
  [200_000, "about 3 min"],
  [9_000_000, "about 2.5 h"],
])("%d ms are %s", (ms, text) => expect(about(ms)).toBe(text));
