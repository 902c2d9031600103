import type { Check } from "../check.ts";
import { copyUpChecks } from "./copy-up/index.ts";
import { crashChecks } from "./crash/index.ts";
import { diffChecks } from "./diff/index.ts";
import { failureChecks } from "./failures/index.ts";
import { hostileChecks } from "./hostile/index.ts";
import { layerChecks } from "./layers/index.ts";
import { mergeChecks } from "./merge/index.ts";
import { mountChecks } from "./mounts/index.ts";
import { painChecks } from "./pains/index.ts";
import { peerChecks } from "./peers/index.ts";
import { randomChecks } from "./random/index.ts";
import { securityChecks } from "./security/index.ts";
import { whiteoutChecks } from "./whiteout/index.ts";

/** The whole suite, in the catalogue's order. */
export const allChecks: readonly Check[] = [
  ...copyUpChecks,
  ...whiteoutChecks,
  ...mergeChecks,
  ...mountChecks,
  ...layerChecks,
  ...diffChecks,
  ...hostileChecks,
  ...securityChecks,
  ...failureChecks,
  ...crashChecks,
  ...peerChecks,
  ...painChecks,
  ...randomChecks,
];
