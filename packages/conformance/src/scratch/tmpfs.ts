import { makePrivate, mount2, storageErrorFrom, unmount } from "@copyup/linux";

/** Mounts a fresh tmpfs, without mount(8). Needs root; its content goes with the unmount. */
export function mountTmpfs(target: string, sizeBytes: number): { close(): void } {
  try {
    mount2("copyup", target, "tmpfs", 0, `size=${sizeBytes},mode=0755`);
    makePrivate(target);
  } catch (error) {
    throw storageErrorFrom(error, "scratch", { hint: "mounting a tmpfs needs root" });
  }
  return { close: () => unmount(target) };
}
