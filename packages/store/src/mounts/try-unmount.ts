import { isSystemError, unmount } from "@copyup/linux";

/** Plainly; false where the kernel refuses. */
export function tryUnmount(at: string): boolean {
  try {
    unmount(at);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
