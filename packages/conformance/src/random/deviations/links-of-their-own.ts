import type { ModelledDeviation } from "./deviation.ts";

/** overlay2 in a user namespace: two names of one file that was linked in this mount are two inodes there. The tree stays as it was. */
export const linksOfTheirOwn: ModelledDeviation = {
  check: "CU45",
  outcome: "inode-of-its-own",
  refuses: (edit, errno, model) =>
    errno === "ESTALE" && (edit.do === "rename" || edit.do === "exchange") && model.sameFile(edit.from, edit.to),
};
