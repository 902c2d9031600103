import type { Check } from "../../check.ts";
import { readUpdatesAtime } from "./access-times.ts";
import { attributesKept, capabilities, defaultAcl, xattrRemoved, xattrsKept } from "./attributes.ts";
import { cloneAndPunch, directWrite, nanosecondTimes, renameFlags, unnamedFile } from "./calls.ts";
import { appendToLower, shrinkAndGrow, truncateOnOpen, writeOneByte } from "./content.ts";
import { cutTimes } from "./cut-times.ts";
import { parentsKept, rootTime, umaskOfTheProcess } from "./directories.ts";
import { emptyXattrsKept } from "./empty-xattrs.ts";
import { linkThenWrite, renameOverOwnLink, unlinkOneOfThree, writeThroughLink } from "./hard-links.ts";
import { flagsOfCopiedFiles, immutableLower } from "./inode-flags.ts";
import { inodeNumbersStable } from "./inode-numbers.ts";
import { mappingSeesWriter } from "./mapping.ts";
import { fchmodOfReader, followAppends, lockSurvivesCopyUp, readerSeesWriter, writeAfterUnlink } from "./open-files.ts";
import { chmodNodes, lchownSymlink, symlinkXattrs } from "./other-types.ts";
import { eightProcesses, runningProgram } from "./processes.ts";
import { opaqueNotCopied, renameLowerFile } from "./renamed.ts";
import { largeSparseFile, sparseCopyUp } from "./sparse.ts";
import { symlinkAcl } from "./symlink-acl.ts";
import { modeZero, ownersRights, suidOnWrite } from "./users.ts";
import { chmodOnly, readsCopyNothing } from "./what-is-copied.ts";
import { writtenNameUnlinked } from "./written-name-unlinked.ts";

/** Catalogue 1: what happens to lower files and directories when they are changed. */
export const copyUpChecks: readonly Check[] = [
  writeOneByte,
  attributesKept,
  xattrsKept,
  xattrRemoved,
  defaultAcl,
  capabilities,
  writeThroughLink,
  unlinkOneOfThree,
  linkThenWrite,
  lchownSymlink,
  sparseCopyUp,
  largeSparseFile,
  readerSeesWriter,
  mappingSeesWriter,
  truncateOnOpen,
  appendToLower,
  chmodOnly,
  parentsKept,
  chmodNodes,
  readsCopyNothing,
  umaskOfTheProcess,
  ownersRights,
  lockSurvivesCopyUp,
  fchmodOfReader,
  inodeNumbersStable,
  unnamedFile,
  renameFlags,
  eightProcesses,
  runningProgram,
  writeAfterUnlink,
  immutableLower,
  shrinkAndGrow,
  directWrite,
  suidOnWrite,
  renameLowerFile,
  cloneAndPunch,
  nanosecondTimes,
  modeZero,
  rootTime,
  followAppends,
  readUpdatesAtime,
  flagsOfCopiedFiles,
  opaqueNotCopied,
  symlinkXattrs,
  renameOverOwnLink,
  writtenNameUnlinked,
  emptyXattrsKept,
  cutTimes,
  symlinkAcl,
];
