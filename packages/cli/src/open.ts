import { type Layer, StorageError } from "@copyup/core";
import type { LayerStore } from "@copyup/store";
import type { Environment, GlobalOptions } from "./environment.ts";

/**
 * Opens the store for one command and closes it again. A missing root is made by verbs that write only; `inspect` leaves what
 * killed processes left as it is, for the command to tell of.
 */
export async function withStore<T>(
  environment: Environment,
  options: GlobalOptions,
  access: "read" | "write" | "inspect",
  use: (store: LayerStore) => Promise<T>,
): Promise<T> {
  const { openRuntimeStore } = await import("@copyup/runtime");
  const { store } = await openRuntimeStore({
    root: options.root,
    driver: options.driver,
    create: access === "write",
    tidy: access !== "inspect",
    signal: environment.signal,
  });
  await using opened = store;
  return await use(opened);
}

/**
 * What a store's records say, without its driver: that takes half the time of opening the store, and a store whose driver does not
 * work on this kernel can be looked at.
 */
export async function storedLayers(options: GlobalOptions): Promise<Layer[]> {
  const { readLayers } = await import("@copyup/store/records");
  const { driver, layers } = await readLayers(options.root);
  if (options.driver !== undefined && options.driver !== driver) {
    throw new StorageError({
      code: "WRONG_DRIVER",
      op: "list",
      path: options.root,
      message: `the store holds layers of ${driver}, not of ${options.driver}`,
      hint: `leave out --driver, or use another --root for ${options.driver}`,
    });
  }
  return layers;
}
