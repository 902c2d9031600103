import type { FiledRecord } from "./mount-record.ts";

/** A mount made: its record, and where the tree is. */
export interface MadeMount {
  readonly filed: FiledRecord;
  readonly path: string;
}
