import { setTimeout } from "node:timers/promises";
import type { CopyStamp } from "@copyup/core";
import {
  AT_FDCWD,
  bootId,
  chmodFd,
  clockOffsetNs,
  closeFd,
  cstringOfBytes,
  directoryNamesOf,
  ELOOP,
  ENOENT,
  ENOTDIR,
  fstat,
  libc,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_WRONLY,
  openAt,
  Stat,
  storageErrorFrom,
  writeFd,
} from "@copyup/linux";
import type { LongOptions } from "../contract.ts";
import { checked, joinPath } from "../failure.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { openView } from "../view/index.ts";
import { DIRECTORY_FLAGS } from "../view/level.ts";
import { DirectoryListBuilder } from "./directory-list.ts";
import { CLOCK_TOLERANCE_NS } from "./tolerance.ts";

const OP = "copy";
/** ext4 with 128-byte inodes and some others know whole (or two) seconds only. */
const PATIENCE_MS = 5000;
/** A filesystem whose times come from another clock than ours (a file server's). */
const FOREIGN_CLOCK_NS = 2_500_000_000n;

/**
 * Notes when the full copy in `tree` was complete (layers.md rule 8). Writes the list of its directories to the new file
 * `directoriesFile`, which must be on the same filesystem and outside the tree; then waits until that filesystem's clock has
 * gone on, so that whatever changes in the tree from now on gets a later ctime than the stamp: usually 4 to 10 ms.
 *
 * Where the times there cannot be trusted the stamp is one that never holds: everything will be compared.
 */
export async function takeCopyStamp(tree: string, directoriesFile: string, o: LongOptions = {}): Promise<CopyStamp> {
  const pace = new Pace("stamp", o);
  const list = new DirectoryListBuilder();
  const view = openView([{ dir: tree, dialect: "tree" }], OP);
  try {
    const device = view.stat();
    list.add(device, "");
    await runPaced(collect(view.levels[0]!.fd, "", list, pace), pace);
    const file = openAt(AT_FDCWD, directoriesFile, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeFd(file, list.toBuffer());
      const here = fstat(file);
      const sameFilesystem = here.devMajor === device.devMajor && here.devMinor === device.devMinor;
      const ctimeNs = sameFilesystem ? await clockGoneOn(file, o.signal) : null;
      return {
        ctimeNs: ctimeNs ?? 0n,
        bootId: ctimeNs === null ? "" : bootId(),
        clockOffsetNs: clockOffsetNs(),
        directories: directoriesFile,
      };
    } finally {
      closeFd(file);
    }
  } catch (error) {
    throw storageErrorFrom(error, OP);
  } finally {
    view.close();
  }
}

/** Of all that is in the tree only directories are looked at: the listing tells which those are. */
function* collect(directory: number, path: string, list: DirectoryListBuilder, pace: Pace): Paced<void> {
  const stat = new Stat();
  for (const name of directoryNamesOf(directory)) {
    if (pace.due) yield;
    const child = libc.openat(directory, cstringOfBytes(name), DIRECTORY_FLAGS, 0);
    // Gone, or none where the filesystem gives no types.
    if (child === -ENOENT || child === -ENOTDIR || child === -ELOOP) continue;
    const below = joinPath(path, name);
    checked(child, "openat", OP, below);
    try {
      list.add(fstat(child, stat), below);
      yield* collect(child, below, list, pace);
    } finally {
      closeFd(child);
    }
  }
}

/** The filesystem's time when it was asked, once a later change would get a time more than the tolerance later. */
async function clockGoneOn(file: number, signal: AbortSignal | undefined): Promise<bigint | null> {
  const began = touch(file);
  const ours = BigInt(Date.now()) * 1_000_000n;
  if (began - ours > FOREIGN_CLOCK_NS || ours - began > FOREIGN_CLOCK_NS) return null;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    await setTimeout(2, undefined, signal === undefined ? {} : { signal });
    if (touch(file) > began + CLOCK_TOLERANCE_NS) return began;
  }
  return null;
}

const probe = new Stat();

/** Gives the file a new ctime. */
function touch(file: number): bigint {
  chmodFd(file, 0o600);
  return fstat(file, probe).ctimeNs;
}
