import type { Check } from "../../check.ts";

export const mergeChecks: readonly Check[] = [];
