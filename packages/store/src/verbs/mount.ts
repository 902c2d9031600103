import { isStorageError } from "@copyup/core";
import { explained } from "../errors/explain.ts";
import { requireOwnIds } from "../errors/require-own-ids.ts";
import { requireWritable } from "../errors/require-writable.ts";
import type { MountHandle, MountOptions, UnmountOptions, UnmountReport } from "../layer-store.ts";
import type { MadeMount } from "../mounts/made-mount.ts";
import { mountLayer } from "../mounts/mount-layer.ts";
import { unmountRecord, unmountTarget } from "../mounts/unmount-by.ts";
import { circumstances, type StoreContext } from "../store-context.ts";

export function mountVerb(context: StoreContext, id: string, options: MountOptions): Promise<MountHandle> {
  return explained(circumstances(context, "mount", id, options.signal), async () => {
    requireWritable(context, "mount", id);
    if (options.mode !== "ro") requireOwnIds(context, "mount", id);
    const mount = new HeldMount(context, await mountLayer(context, id, options));
    if (options.owner !== "store") context.handles.add(mount);
    return mount;
  });
}

export function unmountVerb(context: StoreContext, target: string, options: UnmountOptions): Promise<UnmountReport> {
  return explained(circumstances(context, "unmount", undefined, options.signal), async () => {
    requireWritable(context, "unmount");
    return await unmountTarget(context, target, options);
  });
}

class HeldMount implements MountHandle {
  readonly id: string;
  readonly mode: MountHandle["mode"];
  readonly path: string;
  readonly mounted: boolean;
  readonly #context: StoreContext;
  readonly #file: string;
  #held = true;

  constructor(context: StoreContext, made: MadeMount) {
    const { record, file } = made.filed;
    this.#context = context;
    this.#file = file;
    this.id = record.layer;
    this.mode = record.mode;
    this.path = made.path;
    this.mounted = record.kind !== "path";
  }

  /** Once; if somebody else unmounted it, that is well too. */
  async unmount(options: UnmountOptions = {}): Promise<UnmountReport> {
    let report: UnmountReport = { notes: [] };
    if (!this.#held) return report;
    const about = circumstances(this.#context, "unmount", this.id, options.signal);
    try {
      report = await explained(about, () => unmountRecord(this.#context, this.id, this.#file, options));
    } catch (error) {
      if (!isStorageError(error, "NOT_MOUNTED")) throw error;
    }
    this.#held = false;
    this.#context.handles.delete(this);
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unmount();
  }
}
