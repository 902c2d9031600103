import type { ModelledDeviation } from "./deviation.ts";

/** A directory that a lower layer has is neither renamed nor exchanged. The tree stays as it was. */
export const unmovableDirectories: ModelledDeviation = {
  check: "WH06",
  outcome: "EXDEV",
  refuses(edit, errno, model) {
    if (errno !== "EXDEV") return false;
    if (edit.do === "rename") return model.isLowerDirectory(edit.from);
    return edit.do === "exchange" && (model.isLowerDirectory(edit.from) || model.isLowerDirectory(edit.to));
  },
};

/** aufs: those that are empty are. */
export const unmovableUnlessEmpty: ModelledDeviation = { ...unmovableDirectories, outcome: "EXDEV-unless-empty" };

/** aufs: exchanged as the second name, such a directory loses what it has below. It is left alone. */
export const losesContent: ModelledDeviation = {
  check: "WH35",
  outcome: "second-loses-content",
  avoids: (edit, model) => edit.do === "exchange" && model.isLowerDirectory(edit.to),
};
