import { type Host, type Layer, StorageError } from "@copyup/core";

/**
 * trusted.* xattrs are seen by the initial namespace's root only (xattr(7)). To everybody else a layer that has its marks
 * there looks as if no directory had been replaced: what was deleted would be back. NEEDS_PRIVILEGE.
 */
export function requireReadable(
  layer: Pick<Layer, "id" | "dialect" | "body">,
  { userNamespace }: Pick<Host, "userNamespace">,
): void {
  if (!userNamespace || layer.dialect !== "overlay-trusted") return;
  throw new StorageError({
    code: "NEEDS_PRIVILEGE",
    op: "open",
    driver: "overlay2",
    layer: layer.id,
    path: layer.body,
    message: `layer ${layer.id} was made by root outside of user namespaces: its marks are trusted.overlay.* xattrs, which nobody sees here, so what it deletes would be back`,
    hint: "use it as root outside, or bring it into a store of your own: `copyup layer diff ID` as root, `copyup unshare -- copyup layer apply -` as you",
  });
}
