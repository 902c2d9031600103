import type { Change, Layer, LayerAccess, MountMode, MountPlan, StorageDriver, Usage } from "@copyup/core";
import { explained } from "../errors/explain.ts";
import { listLayers } from "../graph/list-layers.ts";
import type * as api from "../layer-store.ts";
import { mountStates } from "../mounts/mount-states.ts";
import { circumstances, type StoreContext } from "../store-context.ts";
import { HeldLayer } from "../verbs/active-layer.ts";
import { applyLayer } from "../verbs/apply.ts";
import { changesOf } from "../verbs/changes.ts";
import { checkStore } from "../verbs/check.ts";
import { commitLayer, requireActive } from "../verbs/commit.ts";
import { diffLayer } from "../verbs/diff.ts";
import { collectGarbage } from "../verbs/gc.ts";
import { getChain, getLayer } from "../verbs/get.ts";
import { importTree } from "../verbs/import-tree.ts";
import { explainPlan, lendLayer, releaseLayer } from "../verbs/lend.ts";
import { mountVerb, unmountVerb } from "../verbs/mount.ts";
import { prepareLayer } from "../verbs/prepare.ts";
import { removeLayer } from "../verbs/remove.ts";
import { setLabels } from "../verbs/set-labels.ts";
import { usageOf } from "../verbs/usage.ts";

/** One opened store: each verb in its own file, its errors told with what it was about. */
export class OpenStore implements api.LayerStore {
  readonly root: string;
  readonly driver: StorageDriver;
  readonly #context: StoreContext;
  readonly #close: () => Promise<void>;

  constructor(context: StoreContext, close: () => Promise<void>) {
    this.root = context.layout.root;
    this.driver = context.driver;
    this.#context = context;
    this.#close = async () => void (await close());
  }

  get(id: string): Promise<Layer> {
    return this.#verb("get", id, {}, async () => getLayer(this.#context, id));
  }
  list(): Promise<Layer[]> {
    return this.#verb("list", undefined, {}, async () => listLayers(this.#context.cache));
  }
  chain(id: string): Promise<Layer[]> {
    return this.#verb("chain", id, {}, async () => getChain(this.#context, id));
  }
  access(layer: Layer): LayerAccess {
    return this.driver.access(layer);
  }

  prepare(o: api.PrepareOptions = {}): Promise<api.ActiveLayer> {
    return this.#verb(
      "prepare",
      o.id,
      o,
      async () => new HeldLayer(this.#context, await prepareLayer(this.#context, o), true),
    );
  }
  active(id: string): Promise<api.ActiveLayer> {
    return this.#verb("active", id, {}, async () => {
      const layer = getLayer(this.#context, id, "active");
      requireActive(this.#context, layer, "active");
      return new HeldLayer(this.#context, layer, false);
    });
  }
  commit(id: string, o: api.CommitOptions = {}): Promise<Layer> {
    return this.#verb("commit", id, o, () => commitLayer(this.#context, id, o));
  }
  apply(source: api.ByteSource, o: api.ApplyOptions = {}): Promise<api.AppliedLayer> {
    return this.#verb("apply", o.id, o, () => applyLayer(this.#context, source, o));
  }
  importTree(directory: string, o: Omit<api.ApplyOptions, "parent" | "expectDiffId"> = {}): Promise<api.AppliedLayer> {
    return this.#verb("import", o.id, o, () => importTree(this.#context, directory, o));
  }
  remove(id: string, o: api.LongOptions = {}): Promise<void> {
    return this.#verb("remove", id, o, () => removeLayer(this.#context, id, o));
  }
  setLabels(id: string, labels: Readonly<Record<string, string | null>>): Promise<Layer> {
    return this.#verb("labels", id, {}, () => setLabels(this.#context, id, labels));
  }

  diff(id: string, o: api.DiffOptions = {}): api.LayerDiff {
    return diffLayer(this.#context, id, o);
  }
  changes(id: string, o: api.LongOptions = {}): AsyncIterable<Change> {
    return changesOf(this.#context, id, o);
  }
  usage(id: string, o: api.LongOptions = {}): Promise<Usage> {
    return this.#verb("usage", id, o, () => usageOf(this.#context, id, o));
  }

  mount(id: string, o: api.MountOptions = {}): Promise<api.MountHandle> {
    return mountVerb(this.#context, id, o);
  }
  view(id: string, o: Omit<api.MountOptions, "mode"> = {}): Promise<api.MountHandle> {
    return mountVerb(this.#context, id, { ...o, mode: "ro" });
  }
  unmount(target: string, o: api.UnmountOptions = {}): Promise<api.UnmountReport> {
    return unmountVerb(this.#context, target, o);
  }
  mounts(): Promise<api.MountState[]> {
    return this.#verb("mounts", undefined, {}, async () => mountStates(this.#context));
  }
  explain(id: string, mode?: MountMode): Promise<MountPlan> {
    return this.#verb("explain", id, {}, async () => explainPlan(this.#context, id, mode));
  }
  lend(id: string, mode: MountMode): Promise<MountPlan> {
    return this.#verb("lend", id, {}, () => lendLayer(this.#context, id, mode));
  }
  release(id: string): Promise<void> {
    return this.#verb("release", id, {}, () => releaseLayer(this.#context, id));
  }

  check(o: api.CheckOptions = {}): Promise<api.CheckReport> {
    return this.#verb("check", undefined, o, () => checkStore(this.#context, o));
  }
  gc(o: api.LongOptions = {}): Promise<api.GcReport> {
    return this.#verb("gc", undefined, o, () => collectGarbage(this.#context, o));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left: unknown[] = [];
    for (const handle of [...this.#context.handles].reverse()) {
      try {
        await handle[Symbol.asyncDispose]();
      } catch (error) {
        left.push(error);
      }
    }
    await this.#close();
    if (left.length > 0) throw left[0];
  }

  #verb<T>(
    op: string,
    layer: string | undefined,
    o: { signal?: AbortSignal | undefined },
    work: () => Promise<T>,
  ): Promise<T> {
    return explained(circumstances(this.#context, op, layer, o.signal), work);
  }
}
