export { type Extracted, type ExtractOptions, type ExtractTarget, extractLayer } from "./extract-layer.ts";
export { type ExtractLimits, extractLimits } from "./limits.ts";
