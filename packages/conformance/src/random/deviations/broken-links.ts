import { S_IFDIR } from "@copyup/linux";
import { operationOf } from "../operations/index.ts";
import type { Place } from "../place.ts";
import type { ModelledDeviation } from "./deviation.ts";

/** The written name of a lower hard link group becomes a file of its own; the others keep the inode. */
export const brokenLinks: ModelledDeviation = {
  check: "CU07",
  outcome: "link-broken",
  async prepares(edit, model) {
    // The kernel sees that it is one name and does nothing.
    if ((edit.do === "rename" || edit.do === "exchange") && model.sameName(edit.from, edit.to)) return [];
    if (edit.do === "removexattr" && !model.hasXattr(edit.at, edit.name)) return [];
    const broken: Place[] = [];
    for (const place of operationOf(edit).writes(edit)) {
      if (!model.isLower(place) || model.typeOf(place) === S_IFDIR) continue;
      if (!model.isLowerLink(place)) {
        model.markCopiedUp(place);
        continue;
      }
      await model.breakLink(place);
      broken.push(place);
    }
    return broken;
  },
};
