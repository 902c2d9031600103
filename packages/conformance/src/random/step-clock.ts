import { EditClock } from "../trial/edit-clock.ts";

export type Side = "model" | "mount";

/** Where a tick takes longer, a window for each step would cost more than the steps. */
const COARSE_NS = 400_000n;

/**
 * Tells modification times by the step that made them, as EditClock does, for thousands of steps: windows follow each other,
 * and where the filesystem's clock ticks slowly (kernels before 6.13: 1 to 10 ms) the window is the whole layer.
 */
export class StepClock {
  readonly #clock: EditClock;
  readonly #coarse: boolean;
  #windows: { readonly side: Side; readonly step: number; readonly from: bigint }[] = [];
  #end: bigint | null = null;

  constructor(file: string, coarse: boolean) {
    this.#clock = new EditClock(file);
    this.#coarse = coarse;
  }

  static isCoarse(file: string): boolean {
    const clock = new EditClock(file);
    const took = [0, 1, 2].map(() => {
      const start = process.hrtime.bigint();
      clock.tick();
      return process.hrtime.bigint() - start;
    });
    return took.every((ns) => ns > COARSE_NS);
  }

  /** What happens from now on happens on that side. */
  begin(side: Side, step: number): void {
    if (this.#coarse && this.#windows.length > 0) return;
    this.#windows.push({ side, step, from: this.#clock.tick() });
  }

  /** Steps are over: later times are nobody's. */
  end(): void {
    if (this.#windows.length > 0) this.#end = this.#clock.tick();
  }

  /** Both trees have been compared and have equal times now. */
  forget(): void {
    this.#windows = [];
    this.#end = null;
  }

  words(side: Side): (ns: bigint) => string {
    const windows = this.#windows.toReversed();
    return (ns) => {
      const window = this.#end !== null && ns >= this.#end ? undefined : windows.find(({ from }) => ns >= from);
      if (window === undefined) return `${ns} ns`;
      if (this.#coarse) return "of this layer";
      return window.side === side ? `of step ${window.step}` : `${ns} ns`;
    };
  }
}
