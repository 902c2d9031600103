import { StorageError } from "@copyup/core";
import { withStoreLock } from "../locks/with-store-lock.ts";
import type { StoreContext } from "../store-context.ts";
import { sameMount, tryIdentify } from "./identity.ts";
import type { FiledRecord, MountRecord } from "./mount-record.ts";
import { recordsAtTarget, writeRecord } from "./record-files.ts";
import { isDead } from "./this-process.ts";

/**
 * Writes the intent, unless another of our mounts has the target: then BAD_TARGET. If that is the same layer in the same
 * mode, the record written shares its mount instead (state `mounted`): mounting twice is one mount and a count of two.
 */
export function claimTarget(context: StoreContext, intent: FiledRecord): FiledRecord | Promise<FiledRecord> {
  const { record } = intent;
  return withStoreLock(context, "mount", undefined, () => {
    for (const { record: other } of recordsAtTarget(context, record.target)) {
      if (!occupies(context, other, record)) continue;
      if (other.layer === record.layer && other.mode === record.mode && other.state === "mounted") {
        const { mount, kind, writable, madeTarget, daemon = null } = other;
        return writeRecord(context, {
          file: intent.file,
          record: { ...record, state: "mounted", mount, kind, writable, madeTarget, daemon },
        });
      }
      throw new StorageError({
        code: "BAD_TARGET",
        op: "mount",
        driver: context.driver.name,
        layer: record.layer,
        path: record.target,
        message: `layer ${other.layer} is mounted at ${record.target} (${other.mode})`,
        hint: `choose another target, or first: copyup umount ${record.target}`,
      });
    }
    return writeRecord(context, intent);
  });
}

function occupies(context: StoreContext, other: MountRecord, wish: MountRecord): boolean {
  if (other.mountNamespace !== wish.mountNamespace || other.process.bootId !== context.process.bootId) return false;
  // Somebody is about to mount there, unless it was killed at it.
  if (other.state === "intent") return !isDead(other.process, context.process);
  const here = tryIdentify(wish.target);
  return other.state === "mounted" && other.mount !== null && here !== null && sameMount(here, other.mount);
}
