export type { Comparison, LongOptions, Losses, ViewPart, ViewParts } from "./contract.ts";
export * from "./view/index.ts";
