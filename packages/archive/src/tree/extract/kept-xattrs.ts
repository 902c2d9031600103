/**
 * Attributes that are not the layer's: overlay's and fuse-overlayfs' private ones, escaped or not, would graft or hide
 * content (overlayfs.rst, "Permission model" and "Nesting overlayfs mounts"), and the security modules' labels and hashes
 * belong to a host. Never taken from an archive, in no dialect, so that every driver shows the same.
 */
const LEFT_OUT = ["security.selinux", "security.ima", "security.evm"];
const LEFT_OUT_PREFIXES = ["trusted.overlay.", "user.overlay.", "user.fuseoverlayfs."];

/** `name` is a latin1 string. */
export function isKeptXattr(name: string): boolean {
  return !LEFT_OUT.includes(name) && !LEFT_OUT_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** ACLs change what children inherit and what chmod means: on directories they are set last. */
export function isAcl(name: string): boolean {
  return name.startsWith("system.posix_acl_");
}
