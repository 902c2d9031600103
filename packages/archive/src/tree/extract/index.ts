export type { Extracted, ExtractOptions, ExtractTarget } from "./extract-contract.ts";
export { extractLayer } from "./extract-layer.ts";
export { type ExtractLimits, extractLimits } from "./limits.ts";
