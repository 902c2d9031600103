import { type OverlayStep, overlayOptions } from "@copyup/core";
import { MOUNT_DATA_MAX_BYTES, mount2 } from "./calls.ts";

/** mount(2) with the paths as they are, escaped, in one page of options. Works on every kernel; what is longer is cut. */
export function overlayByOptions(step: OverlayStep, target: string): void {
  mount2("overlay", target, "overlay", 0, overlayOptions(step));
}

/**
 * Does a step fit in mount(2)'s page, and need nothing of it escaped? Kernels 6.5 to 6.7 changed how escaped paths are read
 * and shown more than once (xfstests overlay/083), so what needs escaping goes as numbers.
 */
export function fitsOptions(step: OverlayStep): boolean {
  const paths = [...step.lowers, step.upper ?? "", step.work ?? ""];
  return !paths.some((path) => /[\\:,]/.test(path)) && Buffer.byteLength(overlayOptions(step)) <= MOUNT_DATA_MAX_BYTES;
}
