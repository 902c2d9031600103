import { accessSync, constants, mkdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { type DriverModule, StorageError } from "@copyup/core";
import { AT_FDCWD, chmodAt, EEXIST, type IdMaps, isSystemError, listDirectory, tryLstatAt } from "@copyup/linux";
import { type Layout, layoutOf } from "../layout.ts";
import { writeDurably } from "../record/atomic-write.ts";
import { formatStoreInfo, readStoreInfo, type StoreInfo } from "../record/store-record.ts";
import { claimDirectory } from "../transaction/claim.ts";

export interface OpenedRoot {
  readonly layout: Layout;
  readonly writable: boolean;
  /** See StoreInfo. */
  readonly ids: IdMaps | null;
  /** The directories made for a new store, outermost first; null for a store that was there. */
  readonly made: readonly string[] | null;
}

/**
 * Finds or makes the store's directories. The root is resolved once, so that a symlink in its path can be turned elsewhere
 * without a record or a mount of ours changing its meaning. Throws NOT_FOUND, STORE_FORMAT, WRONG_DRIVER, READ_ONLY.
 */
export async function openRoot(
  root: string,
  module: DriverModule,
  create: boolean,
  ids: IdMaps | null,
): Promise<OpenedRoot> {
  const wanted = path.resolve(root);
  const made = create ? makeRoot(wanted) : [];
  const resolved = tryRealpath(wanted);
  if (resolved === null) throw notFound(wanted, `there is no store at ${wanted}`);
  const layout = layoutOf(resolved);
  const info = readStoreInfo(resolved);
  if (info === null && !create) throw notFound(resolved, `${resolved} holds no store`);
  if (info !== null && info.driver !== module.name) throw wrongDriver(resolved, info.driver, module.name);
  const writable = isWritable(resolved);
  if (info === null) {
    if (!writable) throw readOnly(resolved);
    await initialise(layout, { driver: module.name, ids });
  } else if (writable) makeRooms(layout);
  return { layout, writable, ids: info === null ? ids : info.ids, made: info === null ? made : null };
}

/** Gives what was missing, outermost first. */
function makeRoot(root: string): string[] {
  // Only the root itself is closed to others: directories above it may be anybody's.
  const above = path.dirname(root);
  const first = mkdirSync(above, { recursive: true });
  const made: string[] = [];
  if (first !== undefined) for (let at = above; at.length >= first.length; at = path.dirname(at)) made.unshift(at);
  try {
    mkdirSync(root, { mode: 0o700 });
    made.push(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return made;
}

async function initialise(layout: Layout, made: StoreInfo): Promise<void> {
  const strange = listDirectory(layout.root).find((name) => !OURS.has(name));
  if (strange !== undefined) {
    throw new StorageError({
      code: "STORE_FORMAT",
      op: "open",
      path: layout.root,
      message: `${layout.root} holds no store, but other things (${strange}): no store is made in there`,
      hint: "name an empty or a missing directory",
    });
  }
  chmodAt(AT_FDCWD, layout.root, 0o700);
  makeRooms(layout);
  const scratch = claimDirectory(layout.scratch);
  try {
    const text = formatStoreInfo(made);
    await writeDurably(layout.storeFile, text, { scratch: scratch.dir, fresh: true });
  } catch (error) {
    // Another process made the store at the same time: then it is as if it had been there.
    if (!isSystemError(error, EEXIST)) throw error;
    const info = readStoreInfo(layout.root);
    if (info && info.driver !== made.driver) throw wrongDriver(layout.root, info.driver, made.driver);
  } finally {
    await scratch.discard();
  }
}

const OURS = new Set(["layers", "staging", "trash", "scratch", "run", "lost+found"]);

function makeRooms(layout: Layout): void {
  const { layers, staging, trash, scratch, mountRecords, mountPoints } = layout;
  for (const room of [layers, staging, trash, scratch, mountRecords, mountPoints]) {
    if (tryLstatAt(AT_FDCWD, room) === null) mkdirSync(room, { recursive: true, mode: 0o700 });
  }
}

function isWritable(root: string): boolean {
  try {
    accessSync(root, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function tryRealpath(root: string): string | null {
  try {
    return realpathSync(root);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

function notFound(root: string, message: string): StorageError {
  return new StorageError({
    code: "NOT_FOUND",
    op: "open",
    path: root,
    message,
    hint: "the first verb that writes makes it (layer import, apply, create); or name another with --root",
  });
}

function wrongDriver(root: string, has: string, wanted: string): StorageError {
  return new StorageError({
    code: "WRONG_DRIVER",
    op: "open",
    driver: wanted,
    path: root,
    message: `the store at ${root} belongs to the driver ${has}, not ${wanted}`,
    hint: `open it with --driver ${has}, or name another --root`,
  });
}

function readOnly(root: string): StorageError {
  return new StorageError({
    code: "READ_ONLY",
    op: "open",
    path: root,
    message: `no store can be made at ${root}: it cannot be written`,
    hint: "name a --root on a writable filesystem",
  });
}
