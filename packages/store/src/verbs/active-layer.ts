import { isStorageError, type Layer } from "@copyup/core";
import { explained } from "../errors/explain.ts";
import type { ActiveLayer, CommitOptions, MountHandle, MountOptions } from "../layer-store.ts";
import { circumstances, type StoreContext } from "../store-context.ts";
import { commitLayer } from "./commit.ts";
import { mountVerb } from "./mount.ts";
import { removeLayer } from "./remove.ts";

/**
 * Takes hold of an active layer. `rollBack`: disposing it removes the layer, unless it was committed meanwhile by whomever;
 * while it is mounted that is LAYER_IN_USE, as for any removal.
 */
export class HeldLayer implements ActiveLayer {
  readonly layer: Layer;
  readonly #context: StoreContext;
  #rollBack: boolean;

  constructor(context: StoreContext, layer: Layer, rollBack: boolean) {
    this.#context = context;
    this.layer = layer;
    this.#rollBack = rollBack;
  }

  get id(): string {
    return this.layer.id;
  }

  mount(options: Omit<MountOptions, "mode"> = {}): Promise<MountHandle> {
    return mountVerb(this.#context, this.id, { ...options, mode: "rw" });
  }

  async commit(options: CommitOptions = {}): Promise<Layer> {
    const about = circumstances(this.#context, "commit", this.id, options.signal);
    const layer = await explained(about, () => commitLayer(this.#context, this.id, options));
    this.#rollBack = false;
    return layer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#rollBack) return;
    this.#rollBack = false;
    if (!this.#stillActive()) return;
    const about = circumstances(this.#context, "roll back", this.id);
    await explained(about, () => removeLayer(this.#context, this.id, {}));
  }

  #stillActive(): boolean {
    try {
      return this.#context.cache.readAgain(this.id)?.state === "active";
    } catch (error) {
      // A record that cannot be read is for `check` to tell.
      if (isStorageError(error)) return false;
      throw error;
    }
  }
}
