import type { OverlayStep } from "@copyup/core";
import { AT_FDCWD, O_DIRECTORY, O_PATH } from "../constants.ts";
import { openAt, withFd } from "../files/files.ts";
import { FSCONFIG_STRING_MAX_BYTES, MountContext } from "./calls.ts";
import { configureOverlay, forEachDirectory } from "./overlay-rung.ts";

/**
 * Since 6.8: every directory as a string of its own. A path of 256 bytes and more is refused, and on 6.18 a backslash stands
 * for itself in `lowerdir+` but must be doubled in upperdir and workdir, which no document says: such paths go as
 * `/proc/self/fd/N`, resolved while the call runs.
 */
export function overlayByStrings(step: OverlayStep): number {
  using context = new MountContext("overlay");
  configureOverlay(context, step.options);
  forEachDirectory(step, (key, path) => {
    if (sayable(path)) context.string(key, path);
    else withFd(openAt(AT_FDCWD, path, O_PATH | O_DIRECTORY), (fd) => context.string(key, `/proc/self/fd/${fd}`));
  });
  return context.create();
}

export function allSayable(step: OverlayStep): boolean {
  const { lowers, upper, work } = step;
  return lowers.every(sayable) && (upper === null || sayable(upper)) && (work === null || sayable(work));
}

function sayable(path: string): boolean {
  // A UTF-16 unit is 3 bytes at most, so a short path need not be counted.
  const short = path.length * 3 <= FSCONFIG_STRING_MAX_BYTES || Buffer.byteLength(path) <= FSCONFIG_STRING_MAX_BYTES;
  return short && !path.includes("\\");
}
