import { StorageError } from "@copyup/core";

/** There are none so far. Throws `BAD_OPTION`. */
export function parseOptions(given: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(given)) {
    throw new StorageError({
      code: "BAD_OPTION",
      op: "open",
      driver: "fuse-overlayfs",
      message: `fuse-overlayfs has no option "${name}"`,
      hint: "fuse-overlayfs takes no options",
    });
  }
}
