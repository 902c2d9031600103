import type { OverlayStep } from "@copyup/core";
import { AT_FDCWD, O_DIRECTORY, O_PATH } from "../constants.ts";
import { openAt, withFd } from "../files/files.ts";
import { MountContext } from "./calls.ts";
import { directoryStrings, sayable } from "./directory-strings.ts";
import { configureOverlay } from "./overlay-rung.ts";

/**
 * Since 6.8: every directory as a string of its own. A path of 256 bytes and more is refused, and on 6.18 a backslash stands
 * for itself in `lowerdir+` but must be doubled in upperdir and workdir, which no document says: such paths go as
 * `/proc/self/fd/N`, resolved while the call runs.
 */
export function overlayByStrings(step: OverlayStep): number {
  using context = new MountContext("overlay");
  configureOverlay(context, step.options);
  const say = (key: string, path: string) => {
    if (sayable(path)) context.string(key, path);
    else withFd(openAt(AT_FDCWD, path, O_PATH | O_DIRECTORY), (fd) => context.string(key, `/proc/self/fd/${fd}`));
  };
  const { lowers, upper, work } = step;
  const strings = directoryStrings(lowers);
  if (strings === null) for (const lower of lowers) say("lowerdir+", lower);
  else context.strings("lowerdir+", strings, lowers);
  if (upper !== null && work !== null) {
    say("upperdir", upper);
    say("workdir", work);
  }
  return context.create();
}

export function allSayable({ lowers, upper, work }: OverlayStep): boolean {
  return directoryStrings(lowers) !== null && (upper === null || sayable(upper)) && (work === null || sayable(work));
}
