import { setImmediate } from "node:timers/promises";
import { openView, type ViewDirectory, xattrPath } from "@copyup/archive";
import { displayPath, listXattrs } from "@copyup/linux";
import { OP } from "../read/refusals.ts";

/** One path (latin1, relative) for each kind of mark that a layer's directory holds; absent where there is none. */
export interface LayerMarks {
  trusted?: string;
  user?: string;
  fuseOverlayfs?: string;
  /** A name that begins with `.wh.`. */
  whiteoutName?: string;
  /** A redirect or metacopy mark: content lies under another name, or in a layer below. */
  trustedElsewhere?: string;
  userElsewhere?: string;
  /** Owner and mode that stand in an xattr, which only fuse-overlayfs reads. */
  override?: string;
}

const SLICE_MS = 10;

/** Looks at every name of one layer's directory, and at its xattrs; at no content. */
export async function layerMarks(dir: string, signal: AbortSignal | undefined): Promise<LayerMarks> {
  const marks: LayerMarks = {};
  let until = performance.now() + SLICE_MS;
  const walk = async (at: ViewDirectory): Promise<void> => {
    note(marks, listXattrs(at.levels[0]!.fd), at.path);
    for (const name of at.names()) {
      if (performance.now() >= until) {
        await setImmediate();
        signal?.throwIfAborted();
        until = performance.now() + SLICE_MS;
      }
      const path = at.path === "" ? name : `${at.path}/${name}`;
      if (name.startsWith(".wh.")) marks.whiteoutName ??= path;
      const entry = at.lookup(name);
      if (entry?.stat.type !== "directory") {
        if (entry !== null) note(marks, listXattrs(xattrPath(entry.dirfd, name)), path);
        continue;
      }
      const child = at.child(name);
      if (child === null) continue;
      try {
        await walk(child);
      } finally {
        child.close();
      }
    }
  };
  const root = openView([{ dir, dialect: "tree" }], OP);
  try {
    await walk(root);
    return marks;
  } finally {
    root.close();
  }
}

function note(marks: LayerMarks, xattrs: readonly string[], path: string): void {
  for (const name of xattrs) {
    if (name.startsWith("trusted.overlay.")) marks.trusted ??= path;
    else if (name.startsWith("user.overlay.")) marks.user ??= path;
    else if (name.startsWith("user.fuseoverlayfs.")) marks.fuseOverlayfs ??= path;
    if (/^trusted\.overlay\.(redirect|metacopy)$/.test(name)) marks.trustedElsewhere ??= path;
    if (/^user\.overlay\.(redirect|metacopy)$/.test(name)) marks.userElsewhere ??= path;
    if (/^(user\.containers|security\.fuseoverlayfs|user\.fuseoverlayfs)\.override_stat$/.test(name))
      marks.override ??= path;
  }
}

/** For people. */
export function shownPath(path: string): string {
  return path === "" ? "." : displayPath(Buffer.from(path, "latin1"));
}
