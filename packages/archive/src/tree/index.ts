export type { Comparison, LongOptions, Losses, ViewPart, ViewParts } from "./contract.ts";
export { type Copied, type CopyOptions, copyTree } from "./copy/copy-tree.ts";
export { fillTree, type Hidden } from "./copy/fill-tree.ts";
export * from "./view/index.ts";
