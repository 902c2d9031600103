import { compareTrees, type TimeWords } from "../tree/compare.ts";
import { snapshotTree, type Tree, type TreeEntry } from "../tree/snapshot.ts";
import type { CompareOptions } from "../trial/scenario.ts";
import type { ModelledDeviation } from "./deviations/index.ts";
import { Difference } from "./difference.ts";
import type { Edit } from "./edit.ts";
import { type Outcome, outcomeOf, tellOutcome } from "./errno.ts";
import type { Ground } from "./ground.ts";
import type { Model } from "./model/model.ts";
import { operationOf } from "./operations/index.ts";
import type { Recording } from "./recording.ts";
import type { StepClock } from "./step-clock.ts";

/** Model and driver side by side: runs each edit on both, with what the driver declares, and compares. */
export class Pair {
  readonly model: Model;
  readonly #deviations: readonly ModelledDeviation[];
  readonly #clock: StepClock;
  readonly #recording: Recording;
  #steps = 0;

  constructor(model: Model, deviations: readonly ModelledDeviation[], clock: StepClock, recording: Recording) {
    this.model = model;
    this.#deviations = deviations;
    this.#clock = clock;
    this.#recording = recording;
  }

  async edit(edit: Edit, mount: Ground): Promise<void> {
    if (this.#deviations.some((deviation) => deviation.avoids?.(edit, this.model))) return;
    const step = ++this.#steps;
    this.#clock.begin("mount", step);
    const seen = run(edit, mount);
    if ("errno" in seen && this.#mayRefuse(edit, seen.errno)) {
      this.#record(edit, seen, seen, "mount");
      return;
    }
    this.#clock.begin("model", step);
    if (!("errno" in seen)) await this.#prepare(edit);
    const expected = run(this.#rewritten(edit), this.model.ground);
    this.#record(edit, expected, seen, "both");
    if (tellOutcome(seen) === tellOutcome(expected)) return;
    if (this.#deviations.some((deviation) => deviation.tells?.(edit, seen, expected))) return;
    throw new Difference("the last step", [`${tellOutcome(expected)} in the model, ${tellOutcome(seen)} in the mount`]);
  }

  #record(edit: Edit, expected: Outcome, seen: Outcome, on: "both" | "mount"): void {
    const [outcome, told] = [tellOutcome(expected), tellOutcome(seen)];
    this.#recording.events.push({ kind: "edit", edit, outcome, seen: told, on });
  }

  async #prepare(edit: Edit): Promise<void> {
    for (const { prepares, check, outcome } of this.#deviations) {
      const changed = (await prepares?.(edit, this.model)) ?? [];
      for (const place of changed) this.#recording.events.push({ kind: "declared", check, outcome, place });
    }
  }

  #mayRefuse(edit: Edit, errno: string): boolean {
    return this.#deviations.some((deviation) => deviation.refuses?.(edit, errno, this.model));
  }

  #rewritten(edit: Edit): Edit {
    return this.#deviations.reduce((now, deviation) => deviation.rewrites?.(now, this.model) ?? now, edit);
  }

  /**
   * Both trees must be equal. Then every time of the model becomes the mount's, where both were made by the same step: so
   * afterwards they are equal to the nanosecond. Gives that tree.
   */
  compare(root: string, where: string): Tree {
    this.#clock.end();
    const words = { model: this.#clock.words("model"), mount: this.#clock.words("mount") };
    const [model, mount, taken] = this.#withTakenTimes(this.model.snapshot(), snapshotTree(root), words);
    const times = { ...words, model: (ns: bigint) => (taken.has(ns) ? words.mount(ns) : words.model(ns)) };
    const lines = compareTrees(model, mount, this.compareOptions, times);
    if (lines.length > 0) throw new Difference(where, lines);
    const settled = new Map<string, TreeEntry>();
    for (const [name, entry] of model) {
      const { mtimeNs } = mount.get(name) ?? entry;
      if (mtimeNs !== entry.mtimeNs) this.model.setTime(name, mtimeNs);
      settled.set(name, { ...entry, mtimeNs });
    }
    this.#clock.forget();
    return settled;
  }

  get compareOptions(): CompareOptions {
    return { ignoreLinkCounts: this.#deviations.some(({ linkCounts }) => linkCounts) };
  }

  #withTakenTimes(model: Tree, mount: Tree, words: TimeWords): [Tree, Tree, ReadonlySet<bigint>] {
    const taking = this.#deviations.filter(({ takesTime }) => takesTime);
    const times = new Set<bigint>();
    if (taking.length === 0) return [model, mount, times];
    const taken = new Map(model);
    for (const [name, entry] of model) {
      const seen = mount.get(name);
      if (!seen || words.model(entry.mtimeNs) === words.mount(seen.mtimeNs)) continue;
      const made = words.mount(seen.mtimeNs).startsWith("of ");
      const of = { type: entry.type, lower: this.model.isLowerName(name), made };
      if (!taking.some((deviation) => deviation.takesTime?.(of))) continue;
      this.model.setTime(name, seen.mtimeNs);
      times.add(seen.mtimeNs);
      taken.set(name, { ...entry, mtimeNs: seen.mtimeNs });
    }
    return [taken, mount, times];
  }
}

function run(edit: Edit, ground: Ground): Outcome {
  return outcomeOf(() => operationOf(edit).run(ground, edit));
}
