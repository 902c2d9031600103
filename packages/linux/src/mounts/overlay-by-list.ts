import type { OverlayStep } from "@copyup/core";
import { AT_FDCWD, O_DIRECTORY, O_PATH } from "../constants.ts";
import { libc } from "../ffi/libc.ts";
import { openAt } from "../files/files.ts";
import { MountContext } from "./calls.ts";
import { configureOverlay } from "./overlay-rung.ts";

/**
 * The new mount API as kernels from 5.2 have it: all lowers in one `lowerdir`, so at most 255 bytes, about a dozen of
 * them. Only for detached trial mounts, which mount(2) cannot make.
 */
export function overlayByList(step: OverlayStep): number {
  const fds: number[] = [];
  const open = (path: string) => {
    const fd = openAt(AT_FDCWD, path, O_PATH | O_DIRECTORY);
    fds.push(fd);
    return `/proc/self/fd/${fd}`;
  };
  using context = new MountContext("overlay");
  try {
    configureOverlay(context, step.options);
    context.string("lowerdir", step.lowers.map(open).join(":"));
    if (step.upper !== null && step.work !== null) {
      context.string("upperdir", open(step.upper));
      context.string("workdir", open(step.work));
    }
    return context.create();
  } finally {
    for (const fd of fds) libc.close(fd);
  }
}
