import type { Check } from "../../check.ts";
import { absolutePath, dotDotInPath, hardLinkOutside, symlinkChains, writeThroughSymlink } from "./escaping-paths.ts";
import { impossibleNames, malformedArchives } from "./malformed.ts";
import { devicesAndUser, rootEntry } from "./root-and-devices.ts";
import { duplicates, parentSwapped, symlinkOfParentLayer, usrMerge } from "./swapped-parents.ts";
import { privateXattrs, whiteoutsOfOtherTypes, whiteoutsThatEscape, zeroDevice } from "./whiteouts.ts";

/** Catalogue 6, malicious tars. */
export const hostileChecks: readonly Check[] = [
  dotDotInPath,
  absolutePath,
  writeThroughSymlink,
  hardLinkOutside,
  symlinkChains,
  parentSwapped,
  symlinkOfParentLayer,
  whiteoutsThatEscape,
  whiteoutsOfOtherTypes,
  privateXattrs,
  zeroDevice,
  duplicates,
  malformedArchives,
  impossibleNames,
  devicesAndUser,
  rootEntry,
  usrMerge,
];
