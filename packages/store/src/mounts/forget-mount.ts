import { AT_FDCWD, isSystemError, rmdirAt } from "@copyup/linux";
import type { FiledRecord } from "./mount-record.ts";
import { dropRecord } from "./record-files.ts";

/** The mount is gone: so are its record and, if we made it, the directory it was on. */
export function forgetMount(filed: FiledRecord): void {
  dropRecord(filed);
  if (!filed.record.madeTarget) return;
  try {
    rmdirAt(AT_FDCWD, filed.record.target);
  } catch (error) {
    // Another mount of the layer stands there, or it is gone already.
    if (!isSystemError(error)) throw error;
  }
}
