import { closeSync, fstatSync, openSync, rmSync, writeSync } from "node:fs";

export type Side = "model" | "mount";

/**
 * Tells modification times by the edit that made them. Every edit runs twice, so its times differ between model and mount;
 * but each run lies in a window of the filesystem's own clock, and "written by edit 3" can be compared where nanoseconds
 * cannot. A time outside every window is compared exactly: it was set on purpose, or by nobody's edit, and then it differs.
 */
export class EditClock {
  readonly #file: string;
  readonly #windows: Record<Side, [from: bigint, before: bigint][]> = { model: [], mount: [] };

  constructor(file: string) {
    this.#file = file;
  }

  /** A time of the filesystem's clock that is later than all before the call, and not later than any after it. */
  tick(): bigint {
    const fd = openSync(this.#file, "w");
    try {
      const first = this.#touch(fd);
      for (;;) {
        const now = this.#touch(fd);
        if (now > first) return now;
        // The clock that stamps inodes moves with the scheduler's tick (1 to 10 ms); since 6.13 at once.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.5);
      }
    } finally {
      closeSync(fd);
      rmSync(this.#file);
    }
  }

  #touch(fd: number): bigint {
    writeSync(fd, "x", 0);
    return fstatSync(fd, { bigint: true }).mtimeNs;
  }

  /** Runs an edit on both sides, each in a window of its own. */
  edit<T>(act: (side: Side) => T): { model: T; mount: T } {
    const start = this.tick();
    const model = act("model");
    const middle = this.tick();
    const mount = act("mount");
    const end = this.tick();
    this.#windows.model.push([start, middle]);
    this.#windows.mount.push([middle, end]);
    return { model, mount };
  }

  words(side: Side): (ns: bigint) => string {
    return (ns) => {
      const edit = this.#windows[side].findIndex(([from, before]) => ns >= from && ns < before);
      return edit < 0 ? `${ns} ns` : `of edit ${edit + 1}`;
    };
  }
}
