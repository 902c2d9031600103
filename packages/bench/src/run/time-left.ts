/**
 * How long a benchmark will go on, reckoned from what it has done: a series by its runs so far, a curve's further points as dear as the
 * one at hand, further makers as dear as those before. Points of a curve grow, so early on it says too little.
 */
export class TimeLeft {
  readonly #now: () => number;
  readonly #makers: number;
  readonly #finishedMs: number[] = [];
  #makerBegan: number;
  #seriesBegan: number;
  #points = 0;

  /** `now`: a clock in ms. */
  constructor(makers: number, now: () => number = () => performance.now()) {
    this.#makers = makers;
    this.#now = now;
    this.#makerBegan = this.#seriesBegan = now();
  }

  makerBegins(): void {
    this.#makerBegan = this.#now();
    this.#points = 0;
  }

  makerEnds(): void {
    this.#finishedMs.push(this.#now() - this.#makerBegan);
  }

  seriesBegins(): void {
    this.#seriesBegan = this.#now();
    this.#points++;
  }

  /** In ms, after `done` of `total` runs of the series at hand, one of `points` of its curve. */
  afterRun(done: number, total: number, points: number): number {
    const now = this.#now();
    const whole = ((now - this.#seriesBegan) * total) / done;
    const further = Math.max(0, points - this.#points) * whole;
    const rest = whole - (now - this.#seriesBegan) + further;
    const makers = [...this.#finishedMs, now - this.#makerBegan + rest];
    const left = this.#makers - makers.length;
    return rest + (left * makers.reduce((sum, ms) => sum + ms, 0)) / makers.length;
  }
}

/** `about 40 s`, `about 3 min`. */
export function about(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `about ${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min` : `about ${(seconds / 3600).toFixed(1)} h`;
}
