import type { Check } from "../../check.ts";
import { exportsOfPrograms, unsayableNames } from "./exports.ts";
import { programsOnTheMount } from "./trees.ts";

/** RD: random programs. */
export const randomChecks: readonly Check[] = [programsOnTheMount, exportsOfPrograms, unsayableNames];
