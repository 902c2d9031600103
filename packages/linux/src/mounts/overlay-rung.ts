import type { MountContext } from "./calls.ts";

/**
 * The ways to tell the kernel which directories an overlay is made of, newest first. None serves on every kernel and for every
 * path, see docs/decisions/0020.
 */
export const OVERLAY_RUNGS = ["descriptors", "strings", "options", "numbers"] as const;
export type OverlayRung = (typeof OVERLAY_RUNGS)[number];

/** OVL_MAX_STACK: fixed in every kernel from 4.19 to 7.2. The next one is EINVAL (ENOMEM on 5.10). */
export const OVERLAY_MAX_LOWERS = 500;

/** Sets a step's other options; `source` is what mountinfo and df show before the type. */
export function configureOverlay(context: MountContext, options: readonly string[]): void {
  context.string("source", "overlay");
  for (const option of options) {
    const equals = option.indexOf("=");
    if (equals < 0) context.flag(option);
    else context.string(option.slice(0, equals), option.slice(equals + 1));
  }
}
