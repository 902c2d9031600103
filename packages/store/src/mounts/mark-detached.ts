import { isSystemError } from "@copyup/linux";
import type { StoreContext } from "../store-context.ts";
import type { FiledRecord } from "./mount-record.ts";
import { writeRecord } from "./record-files.ts";

/** Gone from its place and still used. */
export function markDetached(context: StoreContext, { file, record }: FiledRecord): void {
  try {
    writeRecord(context, { file, record: { ...record, state: "detached" } });
  } catch (error) {
    // A full disk, or one that became read-only: the record stays as it was, and the next look at it finds the same.
    if (!isSystemError(error)) throw error;
  }
}
