import type { Check } from "../../check.ts";
import { chmodInLayers, getCwd } from "./directories.ts";
import { directoryInodes, openFileInode } from "./inodes.ts";
import { removeAfterCommit, removeInWalk } from "./removal.ts";
import { unixDomainSockets } from "./sockets.ts";
import { closeTwice, echo, updateLabels } from "./suites.ts";

/** The seven cases containerd wanted and never wrote, and what of the peers' suites no other check covers. */
export const peerChecks: readonly Check[] = [
  removeAfterCommit,
  unixDomainSockets,
  directoryInodes,
  openFileInode,
  getCwd,
  chmodInLayers,
  removeInWalk,
  closeTwice,
  updateLabels,
  echo,
];
