export { type Check, type FilesystemTrait, type Need, REFERENCE } from "./check.ts";
export { allChecks } from "./checks/index.ts";
export { codeFingerprint } from "./matrix/code-fingerprint.ts";
export { type MatrixOptions, type MatrixProgress, runMatrix, type SavedResults } from "./matrix/run-matrix.ts";
export { familyName, familyOf } from "./profile/families.ts";
export {
  type Disclaimed,
  type DriverPromises,
  describePromises,
  type FamilyPromises,
  type Promised,
} from "./profile/promises.ts";
export { type SameBytes, sameBytesOfPrograms } from "./random/same-bytes.ts";
export { checksAsked, restsOnFilesystem } from "./run/checks-asked.ts";
export { type CellOptions, runCell } from "./run/run-cell.ts";
export { type CheckRunOptions, runCheck } from "./run/run-check.ts";
export { runSuite } from "./run/run-suite.ts";
export { selectChecks } from "./run/select.ts";
export { openSession, type Session } from "./run/session.ts";
export { judge, profileProblems, type Verdict } from "./run/verdict.ts";
export type {
  CellHost,
  CellRecord,
  CheckResult,
  Evidence,
  RunOptions,
  Status,
  SuiteSettings,
} from "./runner-contract.ts";
export * from "./scratch/index.ts";
export { compareTrees } from "./tree/compare.ts";
export { snapshotTree, type Tree, type TreeEntry } from "./tree/snapshot.ts";
export type { CompareOptions, ErrnoResult, Scenario } from "./trial/scenario.ts";
export type { Child, SpawnOptions, Trial } from "./trial/trial.ts";
export { type UncheckedRow, uncheckedRows } from "./unchecked.ts";
