import type { Check } from "../check.ts";
import { copyUpChecks } from "./copy-up/index.ts";
import { mergeChecks } from "./merge/index.ts";

/** The whole suite, in the catalogue's order. */
export const allChecks: readonly Check[] = [...copyUpChecks, ...mergeChecks];
