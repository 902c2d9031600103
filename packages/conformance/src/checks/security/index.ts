import type { Check } from "../../check.ts";
import { closedDirectories, suidAndDevices, trustedXattrs } from "./rights.ts";
import { anyUmask, closedStore } from "./store-directories.ts";
import { absoluteSymlink, plantedNames } from "./symlinks.ts";
import { ordinaryUser, userNamespace } from "./users.ts";

/** Catalogue 7: who may do and see what. SE10 needs SELinux: see unchecked.ts. */
export const securityChecks: readonly Check[] = [
  userNamespace,
  ordinaryUser,
  suidAndDevices,
  closedDirectories,
  absoluteSymlink,
  anyUmask,
  closedStore,
  trustedXattrs,
  plantedNames,
];
