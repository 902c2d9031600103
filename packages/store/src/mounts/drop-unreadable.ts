import { tryUnlink } from "../record/atomic-write.ts";
import type { StoreContext } from "../store-context.ts";
import { allRecords } from "./record-files.ts";

/** Records are written whole, so one that cannot be understood is nobody's. Gives how many there were. */
export function dropUnreadable(context: StoreContext): number {
  return allRecords(context).unreadable.filter(tryUnlink).length;
}
