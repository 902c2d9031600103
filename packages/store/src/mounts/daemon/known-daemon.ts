import { isRunning, type ProcessIdentity } from "@copyup/linux";
import type { StoreContext } from "../../store-context.ts";
import type { MountRecord } from "../mount-record.ts";

/** The process that serves a recorded mount; null where the kernel does, or where its pid means nothing to us. */
export function knownDaemon(context: StoreContext, record: MountRecord): ProcessIdentity | null {
  if (!record.daemon || record.process.bootId !== context.process.bootId) return null;
  return record.process.pidNamespace === context.process.pidNamespace ? record.daemon : null;
}

/** Everything at or below such a mount is ENOTCONN, but it is still there until it is unmounted. */
export function isDeadMount(context: StoreContext, record: MountRecord): boolean {
  const daemon = knownDaemon(context, record);
  return daemon !== null && !isRunning(daemon);
}
