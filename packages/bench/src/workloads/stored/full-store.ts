import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { removeTree } from "@copyup/archive";
import type { DriverModule, Layer } from "@copyup/core";
import { type LayerStore, openStore } from "@copyup/store";

/** Layers of an image. */
const CHAIN = 10;

const EMPTY_TAR = Buffer.alloc(10_240);

/**
 * A store with very many layers, in chains of ten. Two are made by the store; the others are their likes under ids of their
 * own: the same files, and records that differ in id, parent and time. Making all of them one by one would take minutes.
 */
export class FullStore {
  readonly root: string;
  readonly ids: string[] = [];
  readonly #driver: DriverModule;
  #samples: { readonly base: Sample; readonly child: Sample } | undefined;

  constructor(root: string, driver: DriverModule) {
    this.root = root;
    this.#driver = driver;
  }

  /** A store that has looked at nothing yet. */
  open(): Promise<LayerStore> {
    return openStore({ root: this.root, driver: this.#driver, create: true });
  }

  async growTo(count: number): Promise<void> {
    this.#samples ??= await this.#makeSamples();
    const { base, child } = this.#samples;
    const since = Date.parse(child.layer.createdAt);
    while (this.ids.length < count) {
      const id = randomBytes(8).toString("hex");
      const parent = this.ids.length % CHAIN === 0 ? null : this.ids.at(-1)!;
      writeLike(path.join(this.root, "layers"), parent === null ? base : child, {
        id,
        parent,
        createdAt: new Date(since + this.ids.length).toISOString(),
      });
      this.ids.push(id);
    }
  }

  /** As many as asked for, spread over the store. */
  some(count: number): string[] {
    return Array.from({ length: count }, (_, i) => this.ids[Math.floor((i * this.ids.length) / count)]!);
  }

  async remove(): Promise<void> {
    await removeTree(this.root);
  }

  async #makeSamples() {
    await using store = await this.open();
    const layers: Layer[] = [];
    for (let i = 0; i < 2; i++) {
      const { layer } = await store.apply([EMPTY_TAR], { parent: layers.at(-1)?.id ?? null, durability: "none" });
      layers.push(layer);
    }
    this.ids.push(...layers.map(({ id }) => id));
    const [base, child] = layers.map((layer) => sampleOf(path.join(this.root, "layers", layer.id), layer));
    return { base: base!, child: child! };
  }
}

interface Sample {
  readonly layer: Layer;
  readonly record: string;
  readonly directories: readonly string[];
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
}

function sampleOf(dir: string, layer: Layer): Sample {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, name: path.relative(dir, path.join(entry.parentPath, entry.name)) }))
    .filter(({ name }) => name !== "layer.json" && !name.endsWith(".lock"));
  return {
    layer,
    record: readFileSync(path.join(dir, "layer.json"), "utf8"),
    directories: entries.filter(({ entry }) => entry.isDirectory()).map(({ name }) => name),
    files: entries
      .filter(({ entry }) => entry.isFile())
      .map(({ name }) => ({ name, content: readFileSync(path.join(dir, name)) })),
  };
}

function writeLike(
  layers: string,
  { layer, record, directories, files }: Sample,
  { id, parent, createdAt }: { id: string; parent: string | null; createdAt: string },
): void {
  const dir = path.join(layers, id);
  mkdirSync(dir, { mode: 0o700 });
  for (const name of directories) mkdirSync(path.join(dir, name));
  for (const { name, content } of files) writeFileSync(path.join(dir, name), content);
  const own = record.replaceAll(layer.id, id).replaceAll(layer.createdAt, createdAt);
  writeFileSync(path.join(dir, "layer.json"), parent === null ? own : own.replaceAll(layer.parent!, parent));
}
