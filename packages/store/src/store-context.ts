import type { DriverModule, Host, StorageDriver } from "@copyup/core";
import type { IdMaps } from "@copyup/linux";
import type { Circumstances } from "./errors/explain.ts";
import type { KnownAncestries } from "./graph/known-ancestries.ts";
import type { RecordCache } from "./graph/record-cache.ts";
import type { Layout } from "./layout.ts";
import type { ThisProcess } from "./mounts/this-process.ts";

/** What every verb of one opened store works with. */
export interface StoreContext {
  readonly layout: Layout;
  readonly driver: StorageDriver;
  readonly module: DriverModule;
  readonly host: Host;
  readonly process: ThisProcess;
  /** False on a read-only filesystem, or one this user may not write: the reading verbs still work. */
  readonly writable: boolean;
  /** Where the store was made in a user namespace and the owners of its files are other ids here: the maps it was made with. */
  readonly foreignIds: IdMaps | null;
  /** This opening's own directory below scratch/, for files on their way to a rename. */
  readonly scratch: string;
  readonly cache: RecordCache;
  readonly ancestries: KnownAncestries;
  /** Mounts of this opening that belong to its process: they go when the store is closed. */
  readonly handles: Set<AsyncDisposable>;
}

export function circumstances(context: StoreContext, op: string, layer?: string, signal?: AbortSignal): Circumstances {
  return { op, driver: context.driver.name, root: context.layout.root, layer, signal };
}
