import type { ModelledDeviation } from "./deviation.ts";

/** A descriptor opened before the copy-up goes on reading the lower file. */
export const staleDescriptors: ModelledDeviation = {
  check: "CU13",
  outcome: "stale-descriptor",
  tells: (edit) => edit.do === "use-held",
};

/** fuse-overlayfs: cutting a file drops its set-user-id and set-group-id. */
export const lostSuid: ModelledDeviation = {
  check: "CU15",
  outcome: "suid-lost",
  avoids: (edit, model) => edit.do === "create" && !edit.exclusive && model.isLower(edit.at),
};
