import { StorageError } from "@copyup/core";
import { findHolders, type Holder, mountsBelow } from "@copyup/linux";
import { listHolders, listNames } from "../errors/list-names.ts";
import type { StoreContext } from "../store-context.ts";
import type { LiveMount } from "./live-mount.ts";

/** Mounts inside that one: they keep it busy, and a lazy unmount would take them along unasked. */
export function nestedMounts(use: LiveMount): string[] {
  const prefix = use.at === "/" ? "/" : `${use.at}/`;
  return mountsBelow(use.at)
    .filter((mount) => mount.target.startsWith(prefix) || mount.parentId === use.record.mount?.id)
    .map((mount) => mount.target);
}

export function nestedError(context: StoreContext, use: LiveMount, nested: readonly string[]): StorageError {
  return busyError(
    context,
    use,
    `${listNames(nested)} is mounted inside it`,
    `unmount that first: umount ${nested.at(-1)}`,
  );
}

/** Who keeps a mount busy, as far as can be seen from here. Walks /proc. */
export interface Busy {
  readonly nested: readonly string[];
  readonly holders: readonly Holder[];
}

export function findBusy(use: LiveMount): Busy {
  const nested = nestedMounts(use);
  const { mount } = use.record;
  return { nested, holders: nested.length === 0 && mount ? findHolders(mount, mount) : [] };
}

export function isUnseen({ nested, holders }: Busy): boolean {
  return nested.length === 0 && holders.length === 0;
}

/** MOUNT_BUSY with everything that was found out about why. */
export function whyBusy(context: StoreContext, use: LiveMount, busy: Busy, cause: unknown): StorageError {
  if (busy.nested.length > 0) return nestedError(context, use, busy.nested);
  if (isUnseen(busy)) {
    return busyError(
      context,
      use,
      "something that cannot be seen from here uses it",
      "another user's process, or an overlay that has it as a lower; --lazy detaches it now",
      cause,
    );
  }
  return busyError(
    context,
    use,
    `used by ${listHolders(busy.holders)}`,
    "end them, or let them leave; --lazy detaches it now, and the layer stays in use until they have",
    cause,
  );
}

function busyError(context: StoreContext, use: LiveMount, why: string, hint: string, cause?: unknown): StorageError {
  return new StorageError({
    code: "MOUNT_BUSY",
    op: "unmount",
    driver: context.driver.name,
    layer: use.record.layer,
    path: use.at,
    message: `${use.at} is busy: ${why}`,
    syscall: cause ? "umount2" : undefined,
    errno: cause ? "EBUSY" : undefined,
    hint,
    cause,
  });
}
