import { StorageError } from "@copyup/core";
import { whyNoUserNamespace } from "./why-not.ts";

/** NEEDS_NAMESPACE: what the kernel or the tool said, the switch that forbids it where one is known, and the way out. */
export function refusedNamespace(said: string): StorageError {
  const known = whyNoUserNamespace();
  return new StorageError({
    code: "NEEDS_NAMESPACE",
    op: "unshare",
    message: `no user namespace was given: ${said}${known === null ? "" : ` (${known.reason})`}`,
    hint: `${known === null ? "" : `${known.fix}; else `}run it as root, or use plain-copy, which needs neither`,
  });
}
