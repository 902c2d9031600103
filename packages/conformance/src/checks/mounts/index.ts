import type { Check } from "../../check.ts";
import { killedWriter, nestedMount, openFile, workingDirectory } from "./busy.ts";
import { killedDaemon } from "./dead-daemon.ts";
import { fsyncedBeforePowerLoss } from "./fsynced.ts";
import { lazyUnmount, removeAfterLazy } from "./lazy.ts";
import { adoptedMount, vanishedMount } from "./ledger.ts";
import { killedInCopyUp, manyMounters, synced } from "./many.ts";
import { movedUpper } from "./moved-upper.ts";
import { copiedNamespace, directoryInCopiedNamespace, privateMount, twoCopiedNamespaces } from "./namespaces.ts";
import { remountReadOnly } from "./read-only-remount.ts";
import { badTargets, moveTheMountPoint, removeWhileMounted, symlinkToTheTarget } from "./targets.ts";
import { oneTargetTwice, twoOpeners, twoTargets, twoUnmounters } from "./twice.ts";
import { volatileLayer } from "./volatile.ts";

/** Who holds a mount, who may end it, and what is told of it. */
export const mountChecks: readonly Check[] = [
  openFile,
  workingDirectory,
  lazyUnmount,
  nestedMount,
  oneTargetTwice,
  twoTargets,
  copiedNamespace,
  moveTheMountPoint,
  killedWriter,
  killedInCopyUp,
  remountReadOnly,
  symlinkToTheTarget,
  synced,
  volatileLayer,
  killedDaemon,
  removeWhileMounted,
  privateMount,
  directoryInCopiedNamespace,
  twoCopiedNamespaces,
  removeAfterLazy,
  movedUpper,
  badTargets,
  adoptedMount,
  vanishedMount,
  twoOpeners,
  twoUnmounters,
  manyMounters,
  fsyncedBeforePowerLoss,
];
