import type { ReadDialect } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import type { OverlayWriter } from "../old-graph.ts";
import { OP } from "../read/refusals.ts";
import { type LayerMarks, shownPath } from "./layer-marks.ts";

const EXPORT = "export the image with its engine, and `copyup layer apply` the tar";

/**
 * Which of overlay's dialects a layer is written in (decision 0052): by what the engine says of itself, and by the layer's own
 * marks. Throws NOT_REPRESENTABLE naming a path for what cannot be read without its engine, CORRUPT for marks of two writers.
 */
export function chooseDialect(marks: LayerMarks, writer: OverlayWriter): ReadDialect {
  // What root's kernel wrote: user.* xattrs in it are data, of a rootless engine that ran in a container, say.
  if (!writer.rootless && writer.daemon !== true) return kernels("overlay-trusted", marks.trustedElsewhere);
  if (marks.override !== undefined) {
    const why = "its owner and mode stand in an xattr (fuse-overlayfs with force_mask or xattr_permissions)";
    throw refused(marks.override, why);
  }
  if (writer.daemon ?? (marks.fuseOverlayfs !== undefined || marks.whiteoutName !== undefined)) {
    const elsewhere = marks.trustedElsewhere ?? marks.userElsewhere;
    if (elsewhere === undefined) return "fuse-overlayfs";
    throw refused(elsewhere, "carries a redirect of the kernel's, which fuse-overlayfs does not follow");
  }
  if (marks.trusted === undefined) return kernels("overlay-user", marks.userElsewhere);
  if (marks.user === undefined) return kernels("overlay-trusted", marks.trustedElsewhere);
  throw new StorageError({
    code: "CORRUPT",
    op: OP,
    path: shownPath(marks.user),
    message: `${shownPath(marks.user)} has marks in user.overlay., ${shownPath(marks.trusted)} in trusted.overlay.: two kinds of mounts wrote this layer`,
    hint: EXPORT,
  });
}

/** Followed only where there is something to follow: then the whole view is read, not the layer's own directory alone. */
function kernels(dialect: "overlay-trusted" | "overlay-user", elsewhere: string | undefined): ReadDialect {
  return elsewhere === undefined ? dialect : `${dialect}-redirected`;
}

function refused(path: string, why: string): StorageError {
  const shown = shownPath(path);
  return new StorageError({
    code: "NOT_REPRESENTABLE",
    op: OP,
    path: shown,
    message: `${shown}: ${why}`,
    hint: EXPORT,
  });
}
