import type { OverlayStep } from "@copyup/core";
import { isSystemError } from "../errors.ts";
import { withKernelLog } from "./kernel-log.ts";
import { overlayByDescriptors } from "./overlay-by-descriptors.ts";
import { overlayByList } from "./overlay-by-list.ts";
import { overlayByStrings } from "./overlay-by-strings.ts";
import { overlaySupport } from "./overlay-support.ts";

/**
 * An overlay that is attached nowhere: nobody else ever sees it, and it is gone with its descriptor, also when the process
 * is killed. For trials. Use it by paths relative to the descriptor; the number of lowers is limited to about a dozen.
 * Throws SystemError.
 */
export function detachedOverlay(step: OverlayStep): number {
  const support = overlaySupport();
  const make = support.descriptors.ok ? overlayByDescriptors : support.strings.ok ? overlayByStrings : overlayByList;
  return explained(() => make(step));
}

/** A refusal to create comes without a word (see withKernelLog): then once more, with the kernel's log open. */
export function explained<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const silent =
      isSystemError(error) && error.kernelMessage === undefined && /^(fsconfig CREATE|mount$)/.test(error.syscall);
    if (!silent) throw error;
    return withKernelLog("overlay", make);
  }
}
