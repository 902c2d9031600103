import { removeXattr } from "@copyup/linux";

/** A directory with a default ACL gives it to every directory made in it, with an access ACL to match. */
export function removeInheritedAcl(fd: number): void {
  removeXattr(fd, "system.posix_acl_default");
  removeXattr(fd, "system.posix_acl_access");
}
