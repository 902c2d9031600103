import { mkdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Layer, Profile } from "@copyup/core";
import type { LayerStore, MountHandle } from "@copyup/store";
import { compareTrees } from "../tree/compare.ts";
import { fingerprintTree } from "../tree/fingerprint.ts";
import { settleTimes } from "../tree/settle-times.ts";
import { snapshotTree } from "../tree/snapshot.ts";
import { fail, show } from "./assertions.ts";
import { declaredEverywhere, type EverywhereDeclared, passesTime, type TimeDifference } from "./declared.ts";
import { EditClock, type Side } from "./edit-clock.ts";
import { errnoOf } from "./errno-of.ts";
import type { CompareOptions, ErrnoResult, Scenario } from "./scenario.ts";
import { brief, indented, sourceText } from "./source-text.ts";
import type { TrialLog } from "./trial-log.ts";

export interface OpenScenario extends Scenario {
  /** Unmounts what is mounted; MOUNT_BUSY where something holds it. */
  close(): Promise<void>;
}

export interface ScenarioGround {
  readonly store: LayerStore;
  /** Empty, and the scenario's own. */
  readonly directory: string;
  readonly log: TrialLog;
  readonly profile: Profile;
}

/** `opened` learns of the scenario before anything is mounted. */
export async function openScenario(
  ground: ScenarioGround,
  build: (root: string) => void,
  opened: (scenario: OpenScenario) => void,
): Promise<OpenScenario> {
  const { store, directory, log } = ground;
  log.step(() => `built ${directory}/model, and the same again at ${directory}/base:\n${indented(sourceText(build))}`);
  const clock = new EditClock(`${directory}/clock`);
  const built = (name: string) => {
    const root = `${directory}/${name}`;
    const start = clock.tick();
    mkdirSync(root, { mode: 0o755 });
    build(root);
    settleTimes(root, start);
    return root;
  };
  const model = built("model");
  const { layer: base } = await store.importTree(built("base"), { durability: "none" });
  const scenario = new StoreScenario(ground, clock, base, model);
  opened(scenario);
  await scenario.begin(base.id);
  return scenario;
}

class StoreScenario implements OpenScenario {
  readonly base: Layer;
  readonly model: string;
  readonly #store: LayerStore;
  readonly #clock: EditClock;
  readonly #log: TrialLog;
  readonly #declared: EverywhereDeclared;
  readonly #start: bigint;
  #layer: Layer | null = null;
  #mount: MountHandle | null = null;

  constructor({ store, log, profile }: ScenarioGround, clock: EditClock, base: Layer, model: string) {
    this.#store = store;
    this.#log = log;
    this.#declared = declaredEverywhere(profile);
    this.#clock = clock;
    this.#start = clock.tick();
    this.base = base;
    this.model = model;
  }

  get id(): string {
    return this.#active.id;
  }

  get #active(): Layer {
    return this.#layer ?? fail("the scenario has no layer yet");
  }

  get mount(): MountHandle {
    return this.#mount ?? fail("the scenario's layer is not mounted");
  }

  get root(): string {
    return this.mount.path;
  }

  async begin(parent: string): Promise<void> {
    // Not disposed: it goes with the scratch directory, and disposing would remove what was committed since.
    const { layer } = await this.#store.prepare({ parent });
    this.#layer = layer;
    this.#mount = await this.#store.mount(layer.id);
  }

  edit<T>(act: (root: string) => T): T {
    const { model, mount } = this.#both(act);
    if (!isDeepStrictEqual(told(model), told(mount))) {
      fail(`an edit gave ${show(told(model))} in the model and ${show(told(mount))} in the mount`);
    }
    if ("error" in mount) throw mount.error;
    return mount.value;
  }

  observe<T>(act: (root: string) => T): { model: T | ErrnoResult; mount: T | ErrnoResult } {
    const { model, mount } = this.#both(act);
    return { model: told(model), mount: told(mount) };
  }

  #both<T>(act: (root: string) => T): Record<Side, Outcome<T>> {
    const roots: Record<Side, string> = { model: this.model, mount: this.root };
    let seen: Record<Side, Outcome<T>> | null = null;
    this.#log.step(() => `edited the model and ${roots.mount}${tellOutcomes(seen)}:\n${indented(sourceText(act))}`);
    seen = this.#clock.edit((side) => outcomeOf(() => act(roots[side])));
    return seen;
  }

  compare(options?: CompareOptions): void {
    const lines = this.differences(options);
    if (lines.length === 0) return;
    const more = lines.length > 8 ? `; and ${lines.length - 8} more` : "";
    fail(`the mount differs from the model: ${lines.slice(0, 8).join("; ")}${more}`);
  }

  differences(options?: CompareOptions): string[] {
    const declared = options?.exactDirectoryTimes ? { ...this.#declared, parentTimes: false } : this.#declared;
    const times = {
      model: this.#clock.words("model"),
      mount: this.#clock.words("mount"),
      passes: (difference: TimeDifference) => passesTime(declared, this.#start, difference),
    };
    const ignoreLinkCounts = declared.linkCounts && !options?.exactLinkCounts;
    const withDeclared = {
      ...options,
      ...(ignoreLinkCounts ? { ignoreLinkCounts } : {}),
      ignoreEmptyXattrs: declared.emptyXattrs,
    };
    const lines = compareTrees(snapshotTree(this.model), snapshotTree(this.root), withDeclared, times);
    this.#log.step(
      () =>
        `compared the model with ${lines.length === 0 ? "the mount: equal" : `the mount: ${lines.length} differences`}`,
    );
    this.#log.differing(lines);
    return lines;
  }

  async remount(): Promise<void> {
    await this.close();
    this.#mount = await this.#store.mount(this.id);
  }

  async commit(): Promise<Layer> {
    await this.close();
    const layer = await this.#store.commit(this.id, { durability: "none" });
    await this.begin(layer.id);
    return layer;
  }

  layerDirectory(): string {
    return this.#store.access(this.#active).dir;
  }

  baseFingerprint(): string {
    return fingerprintTree(this.#store.access(this.base).dir);
  }

  async close(): Promise<void> {
    const mount = this.#mount;
    await mount?.unmount();
    this.#mount = null;
  }
}

type Outcome<T> = { value: T } | { errno: string; error: unknown };

function outcomeOf<T>(act: () => T): Outcome<T> {
  try {
    return { value: act() };
  } catch (error) {
    const errno = errnoOf(error);
    // Not the kernel's answer but a fault of the check itself.
    if (errno === null) throw error;
    return { errno, error };
  }
}

/** Nothing where both did the same: that is what edits do. */
function tellOutcomes(seen: Record<Side, Outcome<unknown>> | null): string {
  if (seen === null) return " (and was interrupted)";
  const [model, mount] = [told(seen.model), told(seen.mount)];
  if (!isDeepStrictEqual(model, mount)) return ` (the model gave ${brief(model)}, the mount ${brief(mount)})`;
  return "error" in seen.mount ? ` (both: ${seen.mount.errno})` : "";
}

function told<T>(outcome: Outcome<T>): T | ErrnoResult {
  return "error" in outcome ? { errno: outcome.errno } : outcome.value;
}
