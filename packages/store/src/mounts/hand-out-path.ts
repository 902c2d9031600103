import { type Layer, type MountMode, type MountPlan, StorageError } from "@copyup/core";
import { AT_FDCWD, ENOENT, existsAt, SystemError } from "@copyup/linux";
import type { MountOwner } from "../layer-store.ts";
import type { StoreContext } from "../store-context.ts";
import type { MadeMount } from "./made-mount.ts";
import type { MountRecord } from "./mount-record.ts";
import { newRecordFile, writeRecord } from "./record-files.ts";
import { ownMountNamespace } from "./this-process.ts";

/**
 * Without the right to mount the caller gets the layer's own directory, and it counts as used until he lets go of it or
 * ends. NEEDS_PRIVILEGE where that will not do: a target was named, or it shall outlive the process.
 */
export function handOutPath(
  context: StoreContext,
  layer: Layer,
  plan: MountPlan,
  mode: MountMode,
  owner: MountOwner,
  target: string | null,
): MadeMount {
  const step = plan.steps.find((candidate) => candidate.type === "path");
  if (step === undefined || !existsAt(AT_FDCWD, step.source)) throw new SystemError("mount", ENOENT, step?.source);
  if (target !== null || owner === "store") {
    throw new StorageError({
      code: "NEEDS_PRIVILEGE",
      op: "mount",
      driver: context.driver.name,
      layer: layer.id,
      path: target ?? undefined,
      message: `without the right to mount, layer ${layer.id} cannot be shown at ${target ?? "a place of its own"}`,
      hint: `be root, or work in the layer's own directory: ${context.driver.access(layer).dir}`,
    });
  }
  const record: MountRecord = {
    format: 1,
    layer: layer.id,
    target: step.source,
    mode,
    owner,
    state: "mounted",
    kind: "path",
    writable: mode === "rw",
    process: context.process,
    mountNamespace: ownMountNamespace(),
    under: null,
    mount: null,
    madeTarget: false,
  };
  return {
    filed: writeRecord(context, { file: newRecordFile(context, layer.id, step.source), record }),
    path: step.source,
  };
}
