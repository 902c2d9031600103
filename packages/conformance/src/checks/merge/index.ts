import type { Check } from "../../check.ts";
import { privateXattrs, topmostAttributesOnly } from "./directory-attributes.ts";
import { longestName, lowersAreClosed, toolsWork } from "./filesystem.ts";
import { numbersOverRemount, numbersUnique } from "./inodes.ts";
import { deleteWhileListing, entriesMatchStat, largeDirectory, rewindShowsChanges } from "./listing.ts";
import { typesOverTypes, unionOfThree, upperAndLowerCase } from "./overlapping.ts";

import { severalFilesystems } from "./several-filesystems.ts";

/** Catalogue 3: how the layers of a chain look as one tree. */
export const mergeChecks: readonly Check[] = [
  unionOfThree,
  typesOverTypes,
  entriesMatchStat,
  numbersUnique,
  deleteWhileListing,
  rewindShowsChanges,
  topmostAttributesOnly,
  longestName,
  privateXattrs,
  upperAndLowerCase,
  numbersOverRemount,
  toolsWork,
  largeDirectory,
  lowersAreClosed,
  severalFilesystems,
];
