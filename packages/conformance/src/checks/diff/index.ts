import type { Check } from "../../check.ts";
import { againstAnotherParent } from "./another-parent.ts";
import { aclsOnce, directoryTimes, orderOfAttributes, specialFiles, xattrValues } from "./attributes.ts";
import { exchangedFiles, movedDirectories, sameSizeAndTime, touchedButEqual } from "./finding-changes.ts";
import { format, notRepresentable, order } from "./form-rules.ts";
import { gnuTarAgrees } from "./gnu-tar.ts";
import { labelsOfTheHost } from "./left-out.ts";
import { hardLinkTargets, opaqueIsSpelledOut } from "./links-and-opaque.ts";
import { mountedAndAfterwards } from "./mounted-layer.ts";
import { nextToTheirTargets, otherForms } from "./other-forms.ts";
import { gnuSparseFiles, libarchiveTree } from "./other-tools.ts";
import { privateXattrsLeftOut, redirectsAndMetacopies } from "./overlay-marks.ts";
import { diffOfAppliedDiff, paxLimits } from "./round-trip.ts";
import { anyChunking, sizesCountOnce } from "./streams.ts";
import { ancestors, deletions, linkGroups, whatIsWritten } from "./written-rules.ts";

/** Catalogue 6, diff and apply; and layers.md, a check a rule (LY). */
export const diffChecks: readonly Check[] = [
  gnuTarAgrees,
  diffOfAppliedDiff,
  paxLimits,
  xattrValues,
  hardLinkTargets,
  directoryTimes,
  specialFiles,
  opaqueIsSpelledOut,
  orderOfAttributes,
  redirectsAndMetacopies,
  privateXattrsLeftOut,
  touchedButEqual,
  againstAnotherParent,
  anyChunking,
  sizesCountOnce,
  sameSizeAndTime,
  exchangedFiles,
  mountedAndAfterwards,
  aclsOnce,
  whatIsWritten,
  deletions,
  ancestors,
  linkGroups,
  order,
  format,
  notRepresentable,
  movedDirectories,
  gnuSparseFiles,
  libarchiveTree,
  otherForms,
  nextToTheirTargets,
  labelsOfTheHost,
];
