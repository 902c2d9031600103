import type { ModelledDeviation } from "./deviation.ts";

/** aufs: a removed attribute stays, with an empty value. An ACL goes by another way, and is removed. */
export const leftEmptyXattrs: ModelledDeviation = {
  check: "CU04",
  outcome: "left-empty",
  rewrites(edit, model) {
    if (edit.do !== "removexattr" || /^system\./.test(edit.name) || !model.hasXattr(edit.at, edit.name)) return edit;
    return { do: "setxattr", at: edit.at, name: edit.name, value: "" };
  },
  // The model tells of another call.
  tells: (edit) => edit.do === "removexattr",
};

/**
 * aufs: an attribute of no bytes is gone after the copy-up of what has it, which an edit beside it may cause: so none is made,
 * nor left by a removal.
 */
export const lostEmptyXattrs: ModelledDeviation = {
  check: "CU47",
  outcome: "empty-lost",
  avoids: (edit, model) =>
    (edit.do === "setxattr" && edit.value === "") ||
    (edit.do === "removexattr" && !/^system\./.test(edit.name) && model.hasXattr(edit.at, edit.name)),
};

/** aufs: what drops a capability leaves one that cannot be read, and a tree cannot be compared with that. */
export const unreadableCapabilities: ModelledDeviation = {
  check: "CU06",
  outcome: "left-unreadable",
  avoids: (edit) => edit.do === "setxattr" && edit.name === "security.capability",
};
