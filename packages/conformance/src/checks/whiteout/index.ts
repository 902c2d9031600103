import type { Check } from "../../check.ts";
import {
  badWhiteouts,
  exportedWhiteouts,
  opaqueRoot,
  sharedWhiteouts,
  whiteoutBesideItsName,
  whiteoutOfNothing,
} from "./archive.ts";
import { whiteoutInTheLowestLayer, zeroDeviceInTheMount } from "./devices.ts";
import { exchangeDirectories } from "./exchange.ts";
import { handMadeLayers, sixGenerations, tenLayers } from "./generations.ts";
import { whiteoutInodeIsFull } from "./many-whiteouts.ts";
import { strangeNames, whiteoutNamesInTheMount } from "./names.ts";
import { recreatedByAnotherUser } from "./other-user.ts";
import {
  refusedRenames,
  renameDirectory,
  renameIntoDirectory,
  renameOverEmptyDirectory,
  renameOverLower,
  renameReplacedDirectory,
  renameThenUnlink,
} from "./rename.ts";
import {
  changeType,
  nothingLeftInOpaque,
  recreatedNestedDirectory,
  recreateLeaksNothing,
  replaceDirectory,
} from "./replace.ts";
import {
  openAcrossUnlink,
  removeLargeDirectory,
  removeLowerDirectory,
  unlinkAndRemount,
  unlinkFromLinkGroup,
  unlinkLowerSymlink,
} from "./unlink.ts";
import { xattrWhiteouts } from "./xattr-whiteouts.ts";

/** Deleting, replacing and renaming what lower layers hold. */
export const whiteoutChecks: readonly Check[] = [
  unlinkAndRemount,
  removeLowerDirectory,
  recreateLeaksNothing,
  replaceDirectory,
  renameOverLower,
  renameDirectory,
  renameIntoDirectory,
  strangeNames,
  zeroDeviceInTheMount,
  whiteoutInTheLowestLayer,
  handMadeLayers,
  sixGenerations,
  nothingLeftInOpaque,
  whiteoutNamesInTheMount,
  removeLargeDirectory,
  unlinkLowerSymlink,
  changeType,
  recreatedByAnotherUser,
  sharedWhiteouts,
  xattrWhiteouts,
  renameOverEmptyDirectory,
  refusedRenames,
  recreatedNestedDirectory,
  openAcrossUnlink,
  renameThenUnlink,
  renameReplacedDirectory,
  exchangeDirectories,
  unlinkFromLinkGroup,
  tenLayers,
  exportedWhiteouts,
  whiteoutBesideItsName,
  opaqueRoot,
  badWhiteouts,
  whiteoutOfNothing,
  whiteoutInodeIsFull,
];
