import type { Layer } from "@copyup/core";
import { isStorageError } from "@copyup/core";
import type { LayerStore, MountHandle } from "@copyup/store";
import { compareTrees } from "../tree/compare.ts";
import { snapshotTree, type Tree } from "../tree/snapshot.ts";
import { archiveOfLayer, archiveOfModel } from "./archive-of.ts";
import { requireSameBytes } from "./compare-archives.ts";
import type { ModelledDeviation } from "./deviations/index.ts";
import { Difference } from "./difference.ts";
import type { Edit } from "./edit.ts";
import { Ground } from "./ground.ts";
import { Model } from "./model/model.ts";
import { lastNameUnsayable } from "./names.ts";
import { Pair } from "./pair.ts";
import type { Program, Step } from "./program.ts";
import type { Recording } from "./recording.ts";
import { separatedLinks } from "./separated-links.ts";
import { StepClock } from "./step-clock.ts";
import { granted } from "./wish.ts";

/** Where programs run: used by one after the other. */
export interface Arena {
  readonly store: LayerStore;
  /** A store of the same driver that knows nothing of the first: exported layers are applied to it. Null: no exports. */
  readonly fresh: LayerStore | null;
  readonly deviations: readonly ModelledDeviation[];
  /** An empty directory, new each time. */
  directory(): string;
  readonly coarseClock: boolean;
}

/** One program on one driver and on the model. */
export class ProgramRun {
  readonly recording: Recording;
  readonly #arena: Arena;
  readonly #program: Program;
  readonly #model: Model;
  readonly #pair: Pair;
  /** The committed layers, nearest last, with the tree each must show for ever; and the same in the fresh store. */
  readonly #layers: { readonly id: string; readonly tree: Tree }[] = [];
  readonly #copies: string[] = [];
  #active: Layer | null = null;
  #mount: MountHandle | null = null;
  #ground: Ground | null = null;

  constructor(arena: Arena, program: Program) {
    this.#arena = arena;
    this.#program = program;
    this.recording = { names: program.names, events: [] };
    const directory = arena.directory();
    this.#model = new Model(`${directory}/model`, program.names);
    const clock = new StepClock(`${directory}/clock`, arena.coarseClock);
    this.#pair = new Pair(this.#model, arena.deviations, clock, this.recording);
  }

  /** Rejects with a Difference, or with what a verb of the store was refused with. */
  async run(): Promise<void> {
    for (const steps of this.#program.layers) {
      await this.#begin();
      for (const step of steps) await this.#step(step);
      await this.#commit();
    }
  }

  async #begin(): Promise<void> {
    const parent = this.#layers.at(-1)?.id ?? null;
    const { layer } = await this.#arena.store.prepare({ parent });
    this.#active = layer;
    await this.#open();
    // Made at different times; everything else is made by the program.
    if (parent === null) await this.#edit({ do: "utimes", at: [], mtimeNs: 1_000_000_000_000_000_000n });
  }

  async #open(): Promise<void> {
    this.#mount = await this.#arena.store.mount(this.#activeLayer.id);
    this.#ground = new Ground(this.#mount.path, this.#program.names);
  }

  get #activeLayer(): Layer {
    if (this.#active === null) throw new Error("the program has no layer");
    return this.#active;
  }

  /** Descriptors that the program holds are closed on both sides: they would keep the mount busy. */
  async #close(): Promise<void> {
    for (const slot of [...this.#model.ground.held.keys()]) this.#model.ground.release(slot);
    this.#ground?.close();
    this.#ground = null;
    await this.#mount?.unmount();
    this.#mount = null;
  }

  async #step(step: Step): Promise<void> {
    if (step.do === "remount") await this.#remount();
    else if (step.do === "view") await this.#viewParent();
    else await this.#edit(granted(step, this.#model.ground));
  }

  async #edit(edit: Edit): Promise<void> {
    if (this.#ground) await this.#pair.edit(edit, this.#ground);
  }

  async #remount(): Promise<void> {
    await this.#close();
    this.recording.events.push({ kind: "remount" });
    await this.#open();
    this.#pair.compare(this.#mount?.path ?? "", "after a remount");
  }

  /** The parent, while the layer above it is written. */
  async #viewParent(): Promise<void> {
    const parent = this.#layers.at(-1);
    if (!parent) return;
    this.recording.events.push({ kind: "view" });
    await this.#requireView(this.#arena.store, parent.id, parent.tree, "the parent's view");
  }

  async #requireView(store: LayerStore, id: string, tree: Tree, where: string): Promise<void> {
    await using mount = await store.view(id);
    const lines = compareTrees(tree, snapshotTree(mount.path), this.#pair.compareOptions);
    if (lines.length > 0) throw new Difference(where, lines);
  }

  async #requireApplied(fresh: LayerStore, id: string, tree: Tree): Promise<void> {
    await using mount = await fresh.view(id);
    const applied = snapshotTree(mount.path);
    const lines = [...compareTrees(tree, applied, { ignoreLinks: true }), ...separatedLinks(tree, applied)];
    if (lines.length > 0) throw new Difference("the layer applied to a fresh store", lines);
  }

  async #commit(): Promise<void> {
    if (this.#arena.fresh) await this.#removeUnsayable();
    await this.#close();
    this.recording.events.push({ kind: "commit" });
    const { id } = await this.#arena.store.commit(this.#activeLayer.id, { durability: "none" });
    this.#active = null;
    let tree: Tree;
    {
      await using view = await this.#arena.store.view(id);
      tree = this.#pair.compare(view.path, "the committed layer");
    }
    this.#layers.push({ id, tree });
    if (this.#arena.fresh) await this.#export(id, tree, this.#arena.fresh);
    await this.#model.commit(tree, this.#arena.fresh !== null);
  }

  /** Both must refuse the same name. Then it is removed, and the program goes on. */
  async #removeUnsayable(): Promise<void> {
    for (;;) {
      const seen = await archiveOfLayer(this.#arena.store, this.#activeLayer.id);
      const expected = await archiveOfModel(this.#model);
      const told = (archive: typeof seen) =>
        "unsayable" in archive ? `NOT_REPRESENTABLE ${archive.unsayable}` : "an archive";
      if (told(seen) !== told(expected))
        throw new Difference("the diff", [`${told(expected)} of the model, ${told(seen)} of the driver`]);
      const place = this.#unsayablePlace();
      if (!("unsayable" in expected)) {
        if (place === null) return;
        throw new Difference("the diff", [`an archive, although there is ${this.#model.ground.at(place).toString()}`]);
      }
      this.recording.events.push({ kind: "unsayable", path: expected.unsayable });
      if (place === null)
        throw new Difference("the diff", [`NOT_REPRESENTABLE ${expected.unsayable}, which is not there`]);
      await this.#edit({ do: "remove-all", at: place });
    }
  }

  /** Of something in the model that no layer can say, and that no other such thing holds. */
  #unsayablePlace() {
    for (const [path, entry] of this.#model.snapshot()) {
      if (entry.type === "socket" || !lastNameUnsayable(path, entry)) continue;
      return path.split("/").map((part) => this.#program.names.findIndex((name) => name.toString("latin1") === part));
    }
    return null;
  }

  /** The layer's archive is the model's byte for byte, and applied elsewhere it gives the same tree and the same bytes. */
  async #export(id: string, tree: Tree, fresh: LayerStore): Promise<void> {
    this.recording.events.push({ kind: "apply" });
    const expected = await archiveOfModel(this.#model);
    const seen = await archiveOfLayer(this.#arena.store, id);
    if (!("bytes" in expected) || !("bytes" in seen)) throw new Difference("the diff", ["refused after the commit"]);
    requireSameBytes(expected.bytes, seen.bytes, "the exported layer");
    const parent = this.#copies.at(-1) ?? null;
    const { layer } = await fresh.apply([seen.bytes], { parent, durability: "none" });
    this.#copies.push(layer.id);
    const sayable = new Map([...tree].filter(([, { type }]) => type !== "socket"));
    await this.#requireApplied(fresh, layer.id, sayable);
    const again = await archiveOfLayer(fresh, layer.id);
    if (!("bytes" in again)) throw new Difference("the applied layer's diff", ["refused"]);
    requireSameBytes(seen.bytes, again.bytes, "the applied layer, exported again");
  }

  /** Leaves the stores as it found them. What fails here is told only if the program did not fail before. */
  async close(): Promise<void> {
    const problems: unknown[] = [];
    const attempt = async (act: () => Promise<unknown>) => {
      try {
        await act();
      } catch (error) {
        problems.push(error);
      }
    };
    await attempt(() => this.#close());
    const { store, fresh } = this.#arena;
    const own = [...this.#layers.map(({ id }) => id), ...(this.#active ? [this.#active.id] : [])];
    for (const id of own.reverse()) await attempt(() => store.remove(id));
    for (const id of this.#copies.toReversed()) await attempt(async () => fresh?.remove(id));
    await attempt(() => this.#model.close());
    const [first] = problems;
    if (first !== undefined) throw isStorageError(first) ? first : new Error(`after the program: ${String(first)}`);
  }
}
