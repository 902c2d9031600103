import type { OverlayStep } from "@copyup/core";
import { AT_FDCWD, O_DIRECTORY, O_PATH } from "../constants.ts";
import { openAt, withFd } from "../files/files.ts";
import { MountContext } from "./calls.ts";
import { configureOverlay } from "./overlay-rung.ts";

/**
 * Since 6.13: every directory as an O_PATH descriptor. No path is ever parsed, so `:` `,` backslash and length don't matter,
 * and mountinfo shows the real paths. The kernel holds what it was given, so each descriptor is closed at once.
 */
export function overlayByDescriptors(step: OverlayStep): number {
  using context = new MountContext("overlay");
  configureOverlay(context, step.options);
  const give = (key: string, path: string) =>
    withFd(openAt(AT_FDCWD, path, O_PATH | O_DIRECTORY), (fd) => context.descriptor(key, fd));
  for (const lower of step.lowers) give("lowerdir+", lower);
  if (step.upper !== null && step.work !== null) {
    give("upperdir", step.upper);
    give("workdir", step.work);
  }
  return context.create();
}
