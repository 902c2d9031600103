import { type Dialect, StorageError } from "@copyup/core";
import type { OverlayWriter } from "../old-graph.ts";
import { OP } from "../read/refusals.ts";
import { type LayerMarks, shownPath } from "./layer-marks.ts";

/**
 * Which of overlay's dialects a rootless layer is written in: by what the engine says of itself, and by the layer's own marks.
 * Throws NOT_REPRESENTABLE naming a path for what cannot be read without its engine, CORRUPT for marks of two writers.
 */
export function chooseDialect(marks: LayerMarks, writer: OverlayWriter): Dialect {
  if (marks.override !== undefined) {
    const why = "its owner and mode stand in an xattr (fuse-overlayfs with force_mask or xattr_permissions)";
    throw refused(marks.override, why, "export the image with its engine, and `copyup layer apply` the tar");
  }
  const byFuse = writer.daemon ?? (marks.fuseOverlayfs !== undefined || marks.whiteoutName !== undefined);
  if (byFuse) {
    if (marks.elsewhere !== undefined) {
      const [xattr = "", path = ""] = splitOnce(marks.elsewhere);
      throw refused(
        path,
        `carries ${xattr}, so its content lies elsewhere`,
        "the kernel's overlay wrote it: see docs/import.md",
      );
    }
    return "fuse-overlayfs";
  }
  if (marks.trusted === undefined) return "overlay-user";
  if (marks.user === undefined) return "overlay-trusted";
  throw new StorageError({
    code: "CORRUPT",
    op: OP,
    path: shownPath(marks.user),
    message: `${shownPath(marks.user)} has marks in user.overlay., ${shownPath(marks.trusted)} in trusted.overlay.: two kinds of mounts wrote this layer`,
    hint: "export the image with its engine, and `copyup layer apply` the tar",
  });
}

function refused(path: string, why: string, hint: string): StorageError {
  const shown = shownPath(path);
  return new StorageError({ code: "NOT_REPRESENTABLE", op: OP, path: shown, message: `${shown}: ${why}`, hint });
}

function splitOnce(text: string): string[] {
  const at = text.indexOf(" ");
  return [text.slice(0, at), text.slice(at + 1)];
}
