/** An axis: where a value lies on it, as a part of its length, and the values to be named. */
export interface Scale {
  readonly log: boolean;
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Logarithmic where all values are above zero, since growth is a matter of ratios; else from zero, or from the least below it. */
export function scaleOf(values: readonly number[]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least > 0 ? logarithmic(least, most) : linear(Math.min(least, 0), Math.max(most, 1));
}

/** From one round number to another: 1, 2 or 5 times a power of ten. */
function logarithmic(least: number, most: number): Scale {
  const rounds: number[] = [];
  for (let power = Math.floor(Math.log10(least)) - 1; power <= Math.ceil(Math.log10(most)); power++)
    for (const step of [1, 2, 5]) rounds.push(step * 10 ** power);
  // Float powers of ten are not exact: 1.0000000000000002e-5 is still the tick below 1e-5.
  const from = rounds.findLast((round) => round <= least * (1 + 1e-9)) ?? least;
  const to = rounds.find((round) => round >= most * (1 - 1e-9) && round > from) ?? most;
  const inside = rounds.filter((round) => round >= from && round <= to);
  const decades = inside.filter((round) => Math.abs(Math.log10(round) - Math.round(Math.log10(round))) < 1e-9);
  const length = Math.log10(to / from);
  return {
    log: true,
    ticks: decades.length >= 4 ? decades : inside,
    at: (value) => Math.log10(value / from) / length,
  };
}

function linear(least: number, most: number): Scale {
  const rough = (most - least) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((s) => s * power >= rough) ?? 10) * power;
  const from = Math.floor(least / step) * step;
  const to = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  return { log: false, ticks, at: (value) => (value - from) / (to - from) };
}
