import { apply } from "./apply.ts";
import { changes } from "./changes.ts";
import { copy } from "./copy.ts";
import { diff } from "./diff.ts";
import type { Maker } from "./maker.ts";
import { mountByLayers, mountOn } from "./mount.ts";
import { start } from "./start.ts";

/** Every workload, in the report's order. */
export const WORKLOADS: readonly Maker[] = [
  mountOn(10),
  mountOn(120),
  apply,
  diff,
  changes,
  copy,
  start,
  mountByLayers,
];
