import { apply } from "./apply.ts";
import { applyGzip, applyLarge } from "./apply-gzip.ts";
import { applyAtOnce } from "./at-once/applies.ts";
import { containerCommandsAtOnce, containersAtOnce } from "./at-once/containers.ts";
import { changes } from "./changes.ts";
import { commandApply } from "./command-apply.ts";
import { diskByContainers } from "./containers/disk.ts";
import { startByContainers } from "./containers/nth-start.ts";
import { pageCache } from "./containers/page-cache.ts";
import { copy } from "./copy.ts";
import { readByLayers, readdirByLayers, statByLayers } from "./depth/by-layers.ts";
import { diff } from "./diff.ts";
import { commit } from "./edits/commit.ts";
import { chmodByBytes, writeByBytes } from "./edits/copy-up.ts";
import { appendStorm, deleteStorm, renameStorm } from "./edits/storm.ts";
import { byFiles } from "./files/by-files.ts";
import type { Maker } from "./maker.ts";
import { commandMemory } from "./memory/by-bytes.ts";
import { memoryByDirectories, memoryByLinks, memoryByNames } from "./memory/by-entries.ts";
import { mountByLayers, mountOn } from "./mount.ts";
import { start } from "./start.ts";
import { addByStored, findByStored, listByStored, removeByStored } from "./stored/by-stored.ts";

/** Every workload, in the report's order. */
export const WORKLOADS: readonly Maker[] = [
  mountOn(10),
  mountOn(120),
  apply,
  applyGzip,
  applyLarge,
  diff,
  changes,
  copy,
  start,
  commandApply,
  commandMemory,
  memoryByDirectories,
  memoryByLinks,
  memoryByNames,
  pageCache,
  appendStorm,
  deleteStorm,
  renameStorm,
  commit,
  mountByLayers,
  byFiles(apply),
  byFiles(diff),
  byFiles(changes),
  byFiles(copy),
  diskByContainers,
  startByContainers,
  readdirByLayers,
  statByLayers,
  readByLayers,
  writeByBytes,
  chmodByBytes,
  containersAtOnce,
  containerCommandsAtOnce,
  applyAtOnce,
  listByStored,
  findByStored,
  addByStored,
  removeByStored,
];
