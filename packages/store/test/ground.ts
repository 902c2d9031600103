import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { DriverModule, Layer } from "@copyup/core";
import { driver as overlay2 } from "@copyup/overlay2";
import { driver as plainCopy } from "@copyup/plain-copy";
import { type LayerStore, openStore } from "../src/index.ts";
import type { Scratch } from "./scratch.ts";

export const drivers: readonly (readonly [string, DriverModule])[] = [
  ["plain-copy", plainCopy],
  ["overlay2", overlay2],
];

export function openAt(scratch: Scratch, driver: DriverModule = plainCopy, name = "store"): Promise<LayerStore> {
  return openStore({ root: path.join(scratch.path, name), driver, create: true });
}

/** Writes files below a directory; a name ending in "/" is a directory. */
export function plant(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    if (name.endsWith("/")) mkdirSync(file, { recursive: true });
    else {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
}

/** A tar of such files, by GNU tar. */
export function tarOf(scratch: Scratch, files: Readonly<Record<string, string>>): Buffer {
  const root = scratch.directory(`tar-${createHash("sha1").update(JSON.stringify(files)).digest("hex").slice(0, 8)}`);
  plant(root, files);
  return execFileSync("tar", ["--format=pax", "--sort=name", "-C", root, "-c", "."], { maxBuffer: 2 ** 30 });
}

export async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await gather(bytes));
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A committed layer made by hand: files written straight into the driver's directory, as a mount would. */
export async function layerWith(
  store: LayerStore,
  parent: string | null,
  files: Readonly<Record<string, string>>,
): Promise<Layer> {
  const active = await store.prepare({ parent });
  plant(store.access(active.layer).dir, files);
  return active.commit({ durability: "none" });
}

/** The error a promise rejects with; fails if it does not. */
export async function refusal(
  promise: PromiseLike<unknown>,
): Promise<Error & { code?: string; layer?: string; hint?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it was not refused");
}
