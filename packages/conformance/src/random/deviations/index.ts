import type { Profile } from "@copyup/core";
import { brokenLinks } from "./broken-links.ts";
import type { ModelledDeviation } from "./deviation.ts";
import {
  directoryTimesAndSetgid,
  linksInMountsOnly,
  noDefaultAcls,
  noExchanges,
  noNodes,
  noSetId,
  noSymlinkXattrs,
  onlyFilesMove,
} from "./fuse-overlayfs.ts";
import { lostSuid, staleDescriptors } from "./held-files.ts";
import { leftEmptyXattrs, lostEmptyXattrs, unreadableCapabilities } from "./left-xattrs.ts";
import { staleLinkCounts, wrongLinkCounts } from "./link-counts.ts";
import { linksOfTheirOwn } from "./links-of-their-own.ts";
import { linkLost, linksUntilUnmount } from "./links-until-unmount.ts";
import { noTemporaryFiles, refusedOverlayXattrs, symlinkAclError } from "./refused-calls.ts";
import {
  hiddenWhiteoutNames,
  refusedLongNames,
  refusedWhiteoutNames,
  refusedZeroDevice,
  shortNames,
} from "./refused-names.ts";
import { directoryTimes, rootTimes, symlinkTimes, timesKeptByCutting, wholeSeconds } from "./times.ts";
import { losesContent, unmovableDirectories, unmovableUnlessEmpty } from "./unmovable-directories.ts";

export type { ModelledDeviation, TimeDifference } from "./deviation.ts";

/** Every deviation that shows in random programs. The others (timing, space, inode numbers) do not show in a tree. */
const modelled: readonly ModelledDeviation[] = [
  brokenLinks,
  linksUntilUnmount,
  linksOfTheirOwn,
  staleLinkCounts,
  wrongLinkCounts,
  linkLost,
  unmovableDirectories,
  unmovableUnlessEmpty,
  losesContent,
  refusedZeroDevice,
  refusedWhiteoutNames,
  hiddenWhiteoutNames,
  refusedLongNames,
  shortNames,
  noTemporaryFiles,
  refusedOverlayXattrs,
  symlinkAclError,
  leftEmptyXattrs,
  lostEmptyXattrs,
  unreadableCapabilities,
  wholeSeconds,
  symlinkTimes,
  timesKeptByCutting,
  directoryTimes,
  rootTimes,
  staleDescriptors,
  lostSuid,
  linksInMountsOnly,
  noSetId,
  noNodes,
  directoryTimesAndSetgid,
  noDefaultAcls,
  noExchanges,
  onlyFilesMove,
  noSymlinkXattrs,
];

export function declaredDeviations(profile: Profile): readonly ModelledDeviation[] {
  return modelled.filter(({ check, outcome }) =>
    profile.deviations.some((declared) => declared.check === check && declared.outcome === outcome),
  );
}
