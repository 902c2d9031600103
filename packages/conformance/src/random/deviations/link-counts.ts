import type { ModelledDeviation } from "./deviation.ts";

export const staleLinkCounts: ModelledDeviation = { check: "CU08", outcome: "nlink-stale", linkCounts: true };

/** fuse-overlayfs: the data is shared, the count is wrong. */
export const wrongLinkCounts: ModelledDeviation = { check: "CU09", outcome: "nlink-stale", linkCounts: true };
