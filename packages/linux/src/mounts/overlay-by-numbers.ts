import { type OverlayStep, overlayOptions } from "@copyup/core";
import { AT_FDCWD, O_DIRECTORY, O_PATH } from "../constants.ts";
import { check } from "../errors.ts";
import { libc } from "../ffi/libc.ts";
import { cstring } from "../ffi/memory.ts";
import { openAt, withFd } from "../files/files.ts";
import { MOUNT_DATA_MAX_BYTES, mount2 } from "./calls.ts";

const DESCRIPTORS = "/proc/self/fd";

/**
 * mount(2) with every directory named by the number of an open descriptor, for kernels before 6.8 and paths that do not fit
 * in a page or that would have to be escaped. About 230 fit as `/proc/self/fd/N`; for more the working directory is changed
 * to /proc/self/fd for the one call (500 names are 2,000 bytes). It belongs to the whole process, so that is the last resort.
 */
export function overlayByNumbers(step: OverlayStep, target: string): void {
  const fds: number[] = [];
  const open = (path: string) => {
    const fd = openAt(AT_FDCWD, path, O_PATH | O_DIRECTORY);
    fds.push(fd);
    return String(fd);
  };
  try {
    const numbered = {
      ...step,
      lowers: step.lowers.map(open),
      upper: step.upper === null ? null : open(step.upper),
      work: step.work === null ? null : open(step.work),
    };
    const absolute = overlayOptions(belowDescriptors(numbered));
    if (Buffer.byteLength(absolute) <= MOUNT_DATA_MAX_BYTES) mount2("overlay", target, "overlay", 0, absolute);
    else inDirectory(DESCRIPTORS, () => mount2("overlay", target, "overlay", 0, overlayOptions(numbered)));
  } finally {
    for (const fd of fds) libc.close(fd);
  }
}

function belowDescriptors(step: OverlayStep): OverlayStep {
  const below = (number: string) => `${DESCRIPTORS}/${number}`;
  return {
    ...step,
    lowers: step.lowers.map(below),
    upper: step.upper === null ? null : below(step.upper),
    work: step.work === null ? null : below(step.work),
  };
}

/** Runs `act` with that working directory and goes back, also to one that has been removed. Absolute paths only inside. */
function inDirectory(directory: string, act: () => void): void {
  withFd(openAt(AT_FDCWD, ".", O_PATH | O_DIRECTORY), (before) => {
    check(libc.chdir(cstring(directory)), "chdir", directory);
    try {
      act();
    } finally {
      check(libc.fchdir(before), "fchdir");
    }
  });
}
