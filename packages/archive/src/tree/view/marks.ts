import type { ReadDialect } from "../contract.ts";

/** `.wh.NAME` hides NAME, in aufs' branches and in layer archives. */
export const WHITEOUT_PREFIX = ".wh.";
/** aufs' own files: `.wh..wh.aufs`, `.wh..wh.plnk`, `.wh..wh.orph`, and the opaque marker. */
export const AUFS_OWN_PREFIX = ".wh..wh.";
/** In a directory: nothing of the branches below shows. Two dots before `opq` (aufs ignores `.wh..wh.opq`). */
export const OPAQUE_MARKER = ".wh..wh..opq";

const TRUSTED = "trusted.overlay.";
const USER = "user.overlay.";

/** Where overlay keeps its marks in this dialect; null where it keeps none. */
export function overlayPrefix(dialect: ReadDialect): string | null {
  if (dialect.startsWith("overlay-trusted")) return TRUSTED;
  return dialect.startsWith("overlay-user") ? USER : null;
}

/** May content lie elsewhere, and is it to be found there? */
export function isRedirected(dialect: ReadDialect): boolean {
  return dialect.endsWith("-redirected");
}

/** Where fuse-overlayfs keeps its own: opaque directories, and where a copied-up file came from. */
const FUSE_OVERLAYFS = "user.fuseoverlayfs.";

/** xattrs that a mount of this dialect keeps for itself: it neither shows them nor lets them be set. */
export function privatePrefixes(dialect: ReadDialect): readonly string[] {
  if (dialect === "fuse-overlayfs") return [TRUSTED, USER, FUSE_OVERLAYFS];
  const prefix = overlayPrefix(dialect);
  return prefix === null ? [] : [prefix];
}

/**
 * The name under which a mount shows an xattr of a part, null where it does not show it. Overlay hides its own; since 6.7 it
 * stores what a user sets there as `trusted.overlay.overlay.X` (overlayfs.rst, "Nesting overlayfs mounts").
 */
export function shownXattrName(dialect: ReadDialect, stored: string): string | null {
  const prefix = privatePrefixes(dialect).find((own) => stored.startsWith(own));
  if (prefix === undefined) return stored;
  // Overlay's escapes; fuse-overlayfs has none.
  if (dialect === "fuse-overlayfs") return null;
  return stored.startsWith("overlay.", prefix.length) ? prefix + stored.slice(prefix.length + "overlay.".length) : null;
}

/** security.evm is signed with a key of the host it was written on. */
const OF_THIS_HOST = new Set(["security.selinux", "security.ima", "security.evm"]);

/**
 * How xfs stores ACLs, which it shows root beside `system.posix_acl_*` (fs/xfs/xfs_xattr.c, xfs_xattr_put_listent). Set by this
 * name the ACL is there at once, and what is made in the directory inherits it.
 */
const ACLS_OF_XFS = new Set(["trusted.SGI_ACL_FILE", "trusted.SGI_ACL_DEFAULT"]);

/**
 * Not part of a layer (layers.md rule 7): labels and hashes of this host, what fuse-overlayfs keeps for itself, and xfs' second
 * look at an ACL.
 */
export function leftOutOfLayers(name: string): boolean {
  return OF_THIS_HOST.has(name) || ACLS_OF_XFS.has(name) || name.startsWith(FUSE_OVERLAYFS);
}
