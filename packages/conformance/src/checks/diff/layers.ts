import { createHash } from "node:crypto";
import type { Layer } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import { layerOnAufs } from "./layer-on-aufs.ts";
import { type NamedTree, readTree } from "./read-tree.ts";

/** A committed layer on `parent`, made by editing its mount. Not synced: these checks are not about power loss. */
export async function layerOn(store: LayerStore, parent: Layer | null, edit: (root: string) => void): Promise<Layer> {
  if (store.driver.dialect === "aufs") return layerOnAufs(store, parent, edit);
  await using active = await store.prepare({ parent: parent?.id ?? null });
  {
    await using mount = await active.mount();
    edit(mount.path);
  }
  return await active.commit({ durability: "none" });
}

/** A committed layer from an archive. */
export async function applied(store: LayerStore, parent: Layer | null, tar: Buffer): Promise<Layer> {
  const result = await store.apply([tar], { parent: parent?.id ?? null, durability: "none" });
  return result.layer;
}

/** The whole canonical archive; throws where the digest it came with is not that of its bytes. */
export async function exported(store: LayerStore, layer: { readonly id: string }): Promise<Buffer> {
  const diff = store.diff(layer.id);
  const parts: Buffer[] = [];
  for await (const part of diff) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  const digest = await diff.digest;
  if (digest !== sha256Of(bytes)) throw new Error(`the diff's digest is ${digest}, its bytes have ${sha256Of(bytes)}`);
  return bytes;
}

export function sha256Of(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** What the layer's read-only mount shows. */
export async function viewOf(store: LayerStore, layer: { readonly id: string }): Promise<NamedTree> {
  return viewing(store, layer, readTree);
}

export async function viewing<T>(
  store: LayerStore,
  layer: { readonly id: string },
  look: (root: string) => T,
): Promise<T> {
  await using mount = await store.view(layer.id);
  return look(mount.path);
}

/** `kind path`, in the order they came. */
export async function changeList(store: LayerStore, layer: { readonly id: string }): Promise<string[]> {
  const list: string[] = [];
  for await (const change of store.changes(layer.id)) {
    list.push(`${change.kind} ${Buffer.from(change.path).toString("latin1") || "."}`);
  }
  return list;
}
