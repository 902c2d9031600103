export type { Comparison, LongOptions, Losses, ViewPart, ViewParts } from "./contract.ts";
export { type Copied, type CopyOptions, copyTree } from "./copy/copy-tree.ts";
export { fillTree, type Hidden } from "./copy/fill-tree.ts";
export { removeTree } from "./remove/remove-tree.ts";
export { treeUsage } from "./remove/tree-usage.ts";
export * from "./view/index.ts";
