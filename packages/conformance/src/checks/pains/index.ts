import type { Check } from "../../check.ts";
import { killedPull, noBulkUnderLock } from "./bulk-work.ts";
import { everyXattr, shrinkingSource, socketsAreCopied } from "./full-copies.ts";
import { notSupported, overlayBelow, withoutFileTypes } from "./hosts.ts";
import { foreignMountSurvives, leakedMount } from "./mounts.ts";
import { pageBoundary } from "./page-boundary.ts";
import { tornMetadata, zeroByteFiles } from "./power-loss.ts";
import { inodeExhaustion, spaceGivenBack, sumsCountOnce } from "./space.ts";
import { chownCost, renamedDirectory, staleDescriptors } from "./union-costs.ts";

/** What has hurt people for years, each as its own short story that must end better here. */
export const painChecks: readonly Check[] = [
  leakedMount,
  foreignMountSurvives,
  zeroByteFiles,
  tornMetadata,
  killedPull,
  spaceGivenBack,
  inodeExhaustion,
  notSupported,
  overlayBelow,
  withoutFileTypes,
  renamedDirectory,
  chownCost,
  noBulkUnderLock,
  pageBoundary,
  staleDescriptors,
  socketsAreCopied,
  everyXattr,
  shrinkingSource,
  sumsCountOnce,
];
