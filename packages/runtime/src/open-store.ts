import { type LayerStore, openStore } from "@copyup/store";
import { type Choice, chooseDriver } from "./choose.ts";

export interface RuntimeStore {
  readonly store: LayerStore;
  readonly choice: Choice;
}

export interface RuntimeStoreOptions {
  readonly root: string;
  readonly driver?: string | undefined;
  /** Make the root if it is missing; otherwise NOT_FOUND. */
  readonly create?: boolean | undefined;
  /** As openStore's: false leaves the sweeping to `check` and `gc`. */
  readonly tidy?: boolean | undefined;
  readonly driverOptions?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a store with the driver that fits. */
export async function openRuntimeStore(options: RuntimeStoreOptions): Promise<RuntimeStore> {
  const choice = await chooseDriver(options.root, options.driver);
  const store = await openStore({
    root: options.root,
    driver: choice.driver,
    create: options.create ?? false,
    tidy: options.tidy,
    ...(options.driverOptions ? { driverOptions: options.driverOptions } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return { store, choice };
}
