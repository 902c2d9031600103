import type { Check } from "../../check.ts";
import { silentlyReadOnly, workdirOfItsOwn } from "./broken-workdir.ts";
import { layerRemovedByHand, recordDamaged } from "./damaged-records.ts";
import { noDescriptorsLeft } from "./descriptors-exhausted.ts";
import { applyOntoFullDisk, verbsOnFullDisk } from "./full-disk.ts";
import { layerOnDeadServer } from "./hung-layer.ts";
import { diskGone, powerLoss } from "./lost-disk.ts";
import { copyUpWithoutSpace, removalWithoutInodes } from "./no-space-below.ts";
import { quotaExceeded } from "./quota.ts";
import { readOnlyFilesystem } from "./read-only-below.ts";
import { probedByUser } from "./unprivileged.ts";
import { probeTellsWhy } from "./unsuitable-host.ts";

/** Catalogue 8: real faults, each on a small filesystem of its own. */
export const failureChecks: readonly Check[] = [
  copyUpWithoutSpace,
  removalWithoutInodes,
  readOnlyFilesystem,
  probeTellsWhy,
  diskGone,
  powerLoss,
  silentlyReadOnly,
  workdirOfItsOwn,
  quotaExceeded,
  verbsOnFullDisk,
  applyOntoFullDisk,
  layerRemovedByHand,
  recordDamaged,
  noDescriptorsLeft,
  layerOnDeadServer,
  probedByUser,
];
