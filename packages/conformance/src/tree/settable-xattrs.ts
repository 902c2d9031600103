import type { Trial } from "../trial/trial.ts";

/** `user`, or where the filesystem keeps none (tmpfs before Linux 6.6) `trusted`, which root may set on all of them. */
export function settableXattrs({ directory }: Pick<Trial, "directory">): "user" | "trusted" {
  return directory.xattrs.user ? "user" : "trusted";
}
