import { DEFAULT_READ_LIMITS, type ReadLimits } from "../../codec/limits.ts";

/**
 * Bounds against hostile archives, with the codec's defaults: 10 million entries, paths of 4,095 bytes (so 2,048 levels),
 * names of 255, and as many bytes as there is room. `maxEntries` bounds the directories that entries imply too.
 */
export type ExtractLimits = ReadLimits;

export function extractLimits(limits: Partial<ExtractLimits> = {}): ExtractLimits {
  return { ...DEFAULT_READ_LIMITS, ...limits };
}
