import type { Check } from "../../check.ts";

export const copyUpChecks: readonly Check[] = [];
