import { setTimeout as sleep } from "node:timers/promises";
import type { MountInfo } from "@copyup/linux";
import { defuse, descriptorsNow, newDescriptors } from "./descriptors.ts";
import { mountsNow, newMounts, tellMount, unmountBelow } from "./mounts.ts";
import { namesIn, storeLeftovers } from "./store-leftovers.ts";

/** How the world was before a check: what is there afterwards and was not then is a leak. */
export class LeakWatch {
  readonly #work: string;
  /** The check's own directory in `work`; its scratch directory is the only thing that may lie in it. */
  readonly #jail: string;
  readonly #mounts: ReadonlyMap<string, MountInfo>;
  readonly #descriptors: ReadonlyMap<number, string>;
  readonly #outside: ReadonlyMap<string, readonly string[]>;

  constructor(work: string, jail: string) {
    this.#work = work;
    this.#jail = jail;
    this.#mounts = mountsNow();
    this.#descriptors = descriptorsNow();
    this.#outside = this.#namesOutside();
  }

  /** The places a hostile archive would reach first. */
  #namesOutside(): ReadonlyMap<string, readonly string[]> {
    return new Map(["/", this.#work, this.#jail].map((directory) => [directory, namesIn(directory)]));
  }

  /** Finds what was left, one line each, and cleans up. Call when the trial is closed. */
  async findAndClean(storeRoots: Iterable<string>): Promise<string[]> {
    const found = newMounts(this.#mounts).map(tellMount);
    found.push(...(await this.#leakedDescriptors()));
    const still = unmountBelow(this.#jail);
    found.push(...still.map((mount) => `cannot unmount ${mount.target}`));
    for (const [directory, names] of this.#namesOutside()) {
      const before = new Set(this.#outside.get(directory));
      found.push(
        ...names
          .filter((name) => !before.has(name))
          .map((name) => `file left outside the scratch directory: ${directory}/${name}`),
      );
    }
    for (const root of storeRoots)
      found.push(...storeLeftovers(root).map((name) => `the closed store still holds ${name}`));
    return found;
  }

  async #leakedDescriptors(): Promise<string[]> {
    // Files that node closes in its thread pool are given a moment, a longer one where the machine is busy.
    for (const pause of [20, 80, 400, 1500]) {
      if (newDescriptors(this.#descriptors).length === 0) return [];
      await sleep(pause);
    }
    const leaked = newDescriptors(this.#descriptors);
    for (const [fd] of leaked) defuse(fd);
    return leaked.map(([fd, what]) => `descriptor left open: ${fd} of ${what}`);
  }
}
