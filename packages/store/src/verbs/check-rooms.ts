import type { CheckOptions, CheckProblem } from "../layer-store.ts";
import { dropUnreadable } from "../mounts/drop-unreadable.ts";
import { staleRecords } from "../mounts/mount-states.ts";
import { reconcileAll } from "../mounts/reconcile-all.ts";
import { allRecords } from "../mounts/record-files.ts";
import type { StoreContext } from "../store-context.ts";
import { deadNames, sweepRoom } from "../transaction/sweep.ts";

/** What dead processes left beside the layers; with `repair` it is removed. */
export async function checkRooms(context: StoreContext, options: CheckOptions): Promise<CheckProblem[]> {
  if (!context.writable) return [];
  const { staging, trash } = context.layout;
  const repair = options.repair ?? false;
  return [
    ...(await checkRoom(staging, "staging", "a layer whose maker was killed", repair, options.signal)),
    ...(await checkRoom(trash, "trash", "a removed layer that is not yet erased", repair, options.signal)),
    ...(await checkMountRecords(context, repair, options.signal)),
  ];
}

async function checkRoom(
  room: string,
  kind: string,
  message: string,
  repair: boolean,
  signal?: AbortSignal,
): Promise<CheckProblem[]> {
  const dead = deadNames(room);
  const left = repair ? (await sweepRoom(room, { signal })).left : [];
  return dead.map((name) => {
    const path = `${room}/${name}`;
    const kept = left.find((other) => other.path === path);
    return {
      layer: null,
      path,
      kind,
      message: kept ? `${message}: ${kept.reason}` : message,
      repaired: repair && !kept,
    };
  });
}

async function checkMountRecords(
  context: StoreContext,
  repair: boolean,
  signal?: AbortSignal,
): Promise<CheckProblem[]> {
  const stale = staleRecords(context).map(({ file, record }) => {
    const message = `layer ${record.layer} is no longer mounted at ${record.target}`;
    return { layer: record.layer, path: file, kind: "mount-record", message };
  });
  const unreadable = allRecords(context).unreadable.map((path) => {
    return { layer: null, path, kind: "mount-record", message: "a mount record that cannot be read" };
  });
  if (repair) {
    await reconcileAll(context, signal);
    dropUnreadable(context);
  }
  const after = new Set(repair ? allRecords(context).records.map(({ file }) => file) : []);
  return [...stale, ...unreadable].map((problem) => ({ ...problem, repaired: repair && !after.has(problem.path) }));
}
