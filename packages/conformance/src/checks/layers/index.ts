import type { Check } from "../../check.ts";
import { deepRead, fiveHundred } from "./depth.ts";
import { eachDepth } from "./each-depth.ts";
import { sameOnEachFilesystem } from "./filesystems.ts";
import { indexedLayer, redirectedLayer } from "./from-other-tools.ts";
import { layerIds } from "./ids.ts";
import { missingPieces } from "./missing.ts";
import { longestPaths, longValues, manyAndLong, pageOfOptions } from "./option-page.ts";
import { movedStore, symlinkedRoot } from "./places.ts";
import { readOnlyViews } from "./read-only-views.ts";
import { removeInUse } from "./remove-in-use.ts";
import { rootAttributes } from "./root-attributes.ts";
import { backslashes, colons, commas, otherCharacters } from "./strange-places.ts";
import { twentyAtOnce } from "./together.ts";
import { insideItself, withoutTypes, withoutXattrs } from "./unsuitable.ts";
import { upperOrLower } from "./upper-or-lower.ts";
import { waysToMount } from "./ways-to-mount.ts";
import { wholeAfterChmod } from "./whole-files.ts";
import { withoutIndex } from "./without-index.ts";
import { workdirLeftovers } from "./workdir-leftovers.ts";

/** Chains of layers: how long, where on disk, under what names, and what must be refused. */
export const layerChecks: readonly Check[] = [
  fiveHundred,
  pageOfOptions,
  longValues,
  manyAndLong,
  longestPaths,
  colons,
  commas,
  backslashes,
  otherCharacters,
  upperOrLower,
  readOnlyViews,
  missingPieces,
  insideItself,
  symlinkedRoot,
  workdirLeftovers,
  movedStore,
  indexedLayer,
  redirectedLayer,
  wholeAfterChmod,
  rootAttributes,
  waysToMount,
  twentyAtOnce,
  removeInUse,
  deepRead,
  layerIds,
  withoutTypes,
  withoutXattrs,
  sameOnEachFilesystem,
  withoutIndex,
  eachDepth,
];
