/** Of the runs of one contestant: times in ms. */
export interface Summary {
  readonly median: number;
  /** Half the distance between the quartiles, as a part of the median: 0.05 is ±5 %. */
  readonly spread: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("no runs to summarize");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = quantile(sorted, 0.5);
  const half = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
  return {
    median: middle,
    spread: middle === 0 ? 0 : half / middle,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    runs: values.length,
  };
}

/** Linear between the two nearest values (type 7 of Hyndman and Fan, as R and NumPy do by default). */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const lower = sorted[low]!;
  const upper = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return lower + (upper - lower) * (at - low);
}
