import {
  AT_FDCWD,
  closeFd,
  cstring,
  fstat,
  libc,
  listXattrs,
  removeXattr,
  STATX_BASIC,
  STATX_MNT_ID,
  Stat,
  SystemError,
} from "@copyup/linux";
import type { LongOptions, Losses } from "../contract.ts";
import { callFailed, checked } from "../failure.ts";
import { Lost } from "../lost.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { openView, type ViewDirectory } from "../view/index.ts";
import { DIRECTORY_FLAGS } from "../view/level.ts";
import { Copier } from "./copier.ts";

export interface CopyOptions extends LongOptions {
  /** Count what this user cannot store (owners, devices, trusted xattrs) instead of failing with NOT_REPRESENTABLE. */
  readonly lossy?: boolean | undefined;
  /** What errors say was being done; default `copy`. */
  readonly op?: string | undefined;
}

export interface Copied {
  /** Names made, the root not counted. */
  readonly entries: number;
  /** Of files' contents; holes are not counted. */
  readonly bytes: number;
  readonly losses: Losses;
}

/**
 * Copies the directory `source` with all that is in it into the existing, empty directory `target`, exactly: types, owners,
 * modes, ns times, xattrs (ACLs, capabilities), hard links, holes; sockets and devices too; the root's own attributes too,
 * in place of the target's. Blocks are shared where the filesystem can. What is mounted inside `source` is left out, an
 * empty directory in its place.
 *
 * Rejects with NOT_REPRESENTABLE naming the path (see `lossy`), NO_SPACE, NEEDS_PRIVILEGE, LIMIT_EXCEEDED (paths over
 * 4,095 bytes), or the signal's reason; what was copied until then stays in `target`.
 */
export async function copyTree(source: string, target: string, o: CopyOptions = {}): Promise<Copied> {
  const op = o.op ?? "copy";
  const pace = new Pace("copy", o);
  const lost = new Lost(op, o.lossy ?? false);
  const view = openView([{ dir: source, dialect: "tree" }], op);
  try {
    const root = libc.openat(AT_FDCWD, cstring(target), DIRECTORY_FLAGS, 0);
    if (root < 0) throw callFailed(root, "openat", op, Buffer.from(target).toString("latin1"));
    try {
      await runPaced(copyInto(view, root, { op, pace, lost }), pace);
    } finally {
      closeFd(root);
    }
  } finally {
    view.close();
  }
  return { entries: pace.entries, bytes: pace.bytes, losses: lost.losses };
}

function* copyInto(view: ViewDirectory, root: number, o: { op: string; pace: Pace; lost: Lost }): Paced<void> {
  const stat = fstat(view.levels[0]!.fd, new Stat(), STATX_BASIC | STATX_MNT_ID);
  const copier = new Copier({ ...o, root, mountId: stat.mountId });
  checked(libc.fchmod(root, 0o700), "fchmod", o.op, "");
  clearXattrs(root);
  yield* copier.contents(view, { fd: root, inherits: false });
  copier.finishDirectory(view, stat, root);
}

/** A default ACL, say, that the target has from the directory it was made in. */
function clearXattrs(fd: number): void {
  for (const name of listXattrs(fd)) {
    try {
      removeXattr(fd, Buffer.from(name, "latin1"));
    } catch (error) {
      // A security module's label cannot be removed, only replaced.
      if (!(error instanceof SystemError) || !name.startsWith("security.")) throw error;
    }
  }
}
