import type { Layer } from "@copyup/core";
import { type MountInfo, mountAt } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import { bindRootOf, isBindOf } from "./bind-root.ts";
import { endStrays } from "./daemon/abandoned.ts";
import { identify, sameMount, tryIdentify } from "./identity.ts";
import type { LiveMount } from "./live-mount.ts";
import type { FiledRecord } from "./mount-record.ts";
import { findElsewhere, processIn } from "./namespaces.ts";
import { writeRecord } from "./record-files.ts";
import { ownMountNamespace } from "./this-process.ts";
import { tryUnmount } from "./try-unmount.ts";

/**
 * A process was killed between its intent to mount and the record of the mount. If it had come to the mount, that is
 * unmounted: nobody knows of it. Null when nothing is left of it.
 */
export async function settleIntent(
  context: StoreContext,
  layer: Layer | null,
  filed: FiledRecord,
): Promise<LiveMount | null> {
  const { record } = filed;
  if (record.mountNamespace !== ownMountNamespace()) return settleElsewhere(context, layer, filed);
  if (record.served) await endStrays(record.target, context.layout.layers);
  const here = tryIdentify(record.target);
  if (here === null || (record.under !== null && sameMount(here, record.under))) return null;
  const entry = mountAt(record.target);
  if (entry === null || !looksLikeOurs(context, layer, filed, entry)) return null;
  if (tryUnmount(record.target)) return null;
  // Somebody has gone in there already: then it is a mount like any other, and stays until it is unmounted.
  const known = writeRecord(context, {
    file: filed.file,
    record: { ...record, state: "mounted", mount: identify(record.target) },
  });
  return { ...known, state: "here", at: record.target, holders: [] };
}

function looksLikeOurs(context: StoreContext, layer: Layer | null, filed: FiledRecord, entry: MountInfo): boolean {
  if (filed.record.kind === "own") return ["overlay", "aufs"].includes(entry.type) || entry.type.startsWith("fuse.");
  const bind = layer && bindRootOf(context.driver.access(layer).dir);
  return bind === null || isBindOf(entry, bind);
}

async function settleElsewhere(
  context: StoreContext,
  layer: Layer | null,
  filed: FiledRecord,
): Promise<LiveMount | null> {
  const { record } = filed;
  const elsewhere = (by: LiveMount["holders"]): LiveMount => ({
    ...filed,
    state: "elsewhere",
    at: record.target,
    holders: by,
  });
  const resident = processIn(record.mountNamespace, record.process.pid);
  if (resident) {
    const copies = findElsewhere(
      "",
      (entry) => entry.target === record.target && looksLikeOurs(context, layer, filed, entry),
    );
    if (copies.length > 0) return elsewhere([resident]);
  }
  const busy = layer && record.writable ? await context.driver.busy?.(layer) : false;
  return busy ? elsewhere(resident ? [resident] : []) : null;
}
