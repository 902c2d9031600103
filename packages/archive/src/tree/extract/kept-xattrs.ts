import { leftOutOfLayers, overlayPrefix } from "../view/marks.ts";

/**
 * Whether an xattr of an archive, or of a file below, is the layer's. Overlay's and fuse-overlayfs' private ones would
 * graft or hide content (overlayfs.rst, "Nesting overlayfs mounts"), and the security modules' labels and hashes belong to
 * a host: they are never taken, whatever the dialect, so that every driver shows the same. Those that overlay has escaped
 * go the same way, since a plain tree would hand them to an overlay mounted on top of it.
 */
export function isKeptXattr(name: string): boolean {
  return !leftOutOfLayers(name) && name !== "security.evm" && !PRIVATE.some((prefix) => name.startsWith(prefix));
}

const PRIVATE = [overlayPrefix("overlay-trusted")!, overlayPrefix("overlay-user")!];

/** ACLs change what children inherit and what chmod means: on directories they are set last. */
export function isAcl(name: string): boolean {
  return name.startsWith("system.posix_acl_");
}
