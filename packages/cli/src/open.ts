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
