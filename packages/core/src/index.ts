export type { Change, FileType } from "./change.ts";
export {
  all,
  beforeKernel,
  type Condition,
  either,
  exceptOnFilesystem,
  inUserNamespace,
  type Known,
  kernelAtLeast,
  onFilesystem,
  type Place,
  profileAt,
  sinceKernel,
  withoutReflink,
  withReflink,
} from "./conditions.ts";
export {
  type BodyOptions,
  type CopyStamp,
  DRIVER_API_VERSION,
  type DriverModule,
  type LayerAccess,
  type Mounted,
  type MountMode,
  type Progress,
  type StagedBody,
  type StorageDriver,
  type StoreDirectories,
} from "./driver.ts";
export { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
export { isStorageError, StorageError, type StorageErrorFields } from "./errors.ts";
export { checkLayerId, isDriverName, isLayerId, LABEL_KEY_MAX_BYTES, LABEL_VALUE_MAX_BYTES } from "./ids.ts";
export type { Dialect, Layer, LayerState } from "./layer.ts";
export {
  type AufsBranch,
  type AufsStep,
  type BindStep,
  type DaemonStep,
  type MountHelper,
  type MountPlan,
  type MountStep,
  type OverlayStep,
  type PathStep,
  TARGET,
} from "./plan.ts";
export { type AufsCalls, aufsCalls, unsayableInAufs } from "./plan-aufs.ts";
export { type ContainerdMount, renderContainerd } from "./plan-containerd.ts";
export { daemonArguments, escapeLower, escapeUpper, overlayOptions, renderShell, shellWord } from "./plan-shell.ts";
export { type Directory, type Finding, type Host, supported } from "./probe.ts";
export type { Deviation, Profile } from "./profile.ts";
export { requireSupport, type SupportQuestion } from "./require-support.ts";
export type { Usage } from "./usage.ts";
