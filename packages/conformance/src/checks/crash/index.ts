import type { Check } from "../../check.ts";
import { killedLabels, killedMaking } from "./records.ts";
import { killedApply, killedCommit, killedImport, killedMount, killedRemove } from "./verbs.ts";

/** kill -9 at random moments, and the store as the next process finds it. */
export const crashChecks: readonly Check[] = [
  killedApply,
  killedImport,
  killedCommit,
  killedRemove,
  killedMount,
  killedLabels,
  killedMaking,
];
