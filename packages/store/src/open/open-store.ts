import type { DriverModule, Host } from "@copyup/core";
import { AT_FDCWD, describeHost, EDQUOT, ENOSPC, isSystemError, mkdirAt, ownIdMaps, seesSameIds } from "@copyup/linux";
import { explain, explained } from "../errors/explain.ts";
import { RecordCache } from "../graph/record-cache.ts";
import type { LayerStore } from "../layer-store.ts";
import { reconcileAll } from "../mounts/reconcile-all.ts";
import { thisProcess } from "../mounts/this-process.ts";
import type { StoreContext } from "../store-context.ts";
import { type Claim, claimName } from "../transaction/claim.ts";
import { sweepRoom } from "../transaction/sweep.ts";
import { OpenStore } from "./open-layer-store.ts";
import { openRoot } from "./open-root.ts";
import { unmakeRoot } from "./unmake-root.ts";

export interface OpenStoreOptions {
  readonly root: string;
  readonly driver: DriverModule;
  /** Found out unless given. */
  readonly host?: Host | undefined;
  /** Make the root if it is missing or empty; without it that is NOT_FOUND. */
  readonly create?: boolean | undefined;
  readonly driverOptions?: Readonly<Record<string, unknown>> | undefined;
  /** False: leave what killed processes left to `check` and `gc`, which tell what they find. */
  readonly tidy?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a store, sweeping what killed processes left and comparing its mount records with the kernel. Dispose it: that
 * unmounts what was mounted with it for this process (MOUNT_BUSY if it is used). Rejects with NOT_FOUND, WRONG_DRIVER, STORE_FORMAT,
 * DRIVER_UNSUPPORTED, READ_ONLY.
 */
export async function openStore(options: OpenStoreOptions): Promise<LayerStore> {
  const { driver: module, signal } = options;
  const about = { op: "open", driver: module.name, root: options.root, signal };
  const host = options.host ?? describeHost();
  const here = ownIdMaps(host.userNamespace);
  const { layout, writable, ids, made } = await explained(about, () =>
    openRoot(options.root, module, options.create ?? false, here),
  );
  const scratch = writable ? claimScratch(layout.scratch) : null;
  // What cannot be removed (the filesystem has turned read-only, or is gone) is left to the next opening's sweep.
  const close = async () => scratch?.discard().catch(() => {});
  let accepted = false;
  try {
    // A driver may leave there what it likes: it is this opening's own, and goes with it.
    const scratchDir = scratch?.dir ?? layout.scratch;
    const directories = { root: layout.root, layers: layout.layers, scratch: scratchDir };
    const driver = await module.open(directories, options.driverOptions ?? {});
    accepted = true;
    const context: StoreContext = {
      layout,
      driver,
      module,
      host,
      process: thisProcess(host.bootId),
      writable,
      foreignIds: ids === null || seesSameIds(here, ids) ? null : ids,
      scratch: scratchDir,
      cache: new RecordCache(layout),
      ancestries: new Map(),
      handles: new Set(),
    };
    if (writable && options.tidy !== false) await tidy(context, signal);
    return new OpenStore(context, close);
  } catch (error) {
    await close();
    if (made !== null && !accepted) unmakeRoot(layout, made);
    throw explain(error, about);
  }
}

/** On a full disk without a directory: who writes there learns it then, and what is there can be read and removed. */
function claimScratch(room: string): Claim {
  const claim = claimName(room);
  try {
    mkdirAt(AT_FDCWD, claim.dir, 0o700);
  } catch (error) {
    if (!isSystemError(error, ENOSPC) && !isSystemError(error, EDQUOT)) throw error;
  }
  return claim;
}

/** What killed processes left is invisible; here it goes. What cannot be removed does not keep anybody from working. */
async function tidy(context: StoreContext, signal: AbortSignal | undefined): Promise<void> {
  await reconcileAll(context, signal);
  const { staging, trash, scratch } = context.layout;
  for (const room of [staging, trash, scratch]) await sweepRoom(room, { signal });
}
