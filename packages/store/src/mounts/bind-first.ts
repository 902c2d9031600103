import { type MountMode, StorageError } from "@copyup/core";
import { bindMount, carryOut, MS_BIND, MS_REMOUNT, makePrivate, mount2, unmount } from "@copyup/linux";
import { identify, type MountIdentity, sameMount, sameSuperblock } from "./identity.ts";
import type { LiveMount } from "./live-mount.ts";

/** A mount of the layer in this namespace that a further one can be a bind of; one that may be written is preferred. */
export function bindSource(uses: readonly LiveMount[]): LiveMount | null {
  const here = uses.filter(({ state, at, record }) => {
    if (state !== "here" || record.mount === null) return false;
    // Covered by another mount: a bind would show that one.
    return sameMount(identify(at), record.mount);
  });
  return here.find(({ record }) => record.mode === "rw") ?? here[0] ?? null;
}

/** A further mount of what is mounted already: one superblock, however often it is mounted. */
export function bindFirst(source: LiveMount, target: string, mode: MountMode): MountIdentity {
  if (mode === "rw" && source.record.mode === "ro") makeWritableBind(source.at, target);
  else carryOut({ steps: [{ type: "bind", source: source.at, readonly: mode === "ro" }] }, target);
  const mount = identify(target);
  if (source.record.mount && sameSuperblock(mount, source.record.mount)) return mount;
  unmount(target);
  throw new StorageError({
    code: "MOUNT_FAILED",
    op: "mount",
    layer: source.record.layer,
    path: target,
    message: `${source.at}, where the layer is mounted already, was covered by another mount while it was bound`,
  });
}

/** Of a writable superblock only a read-only bind is left: a bind of it begins read-only too. */
function makeWritableBind(source: string, target: string): void {
  bindMount(source, target, false);
  try {
    mount2("none", target, "", MS_REMOUNT | MS_BIND, "");
    makePrivate(target);
  } catch (error) {
    unmount(target);
    throw error;
  }
}
