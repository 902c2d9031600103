import { operationOf } from "../operations/index.ts";
import type { ModelledDeviation } from "./deviation.ts";

/**
 * aufs: all names show what was written until the unmount, then the others fall back. What a plain directory would have to
 * do at the next unmount depends on which pseudo-links were made real, so such groups are left alone.
 */
export const linksUntilUnmount: ModelledDeviation = {
  check: "CU07",
  outcome: "until-unmount",
  avoids: (edit, model) =>
    operationOf(edit)
      .writes(edit)
      .some((place) => model.isLowerLink(place)),
};

/** aufs: after a remount the lower name of a new link is a file of its own again. */
export const linkLost: ModelledDeviation = {
  check: "CU09",
  outcome: "link-lost",
  avoids: (edit, model) => edit.do === "link" && model.isLower(edit.from),
};
