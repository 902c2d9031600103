/** One entry of a POSIX ACL; `id` only for `user` and `group`. */
export interface AclEntry {
  readonly tag: "owner" | "user" | "owning-group" | "group" | "mask" | "other";
  /** rwx as in one octal digit. */
  readonly permissions: number;
  readonly id?: number;
}

const TAGS: Record<AclEntry["tag"], number> = { owner: 1, user: 2, "owning-group": 4, group: 8, mask: 16, other: 32 };

/** The value of `system.posix_acl_access` or `system.posix_acl_default` (linux/posix_acl_xattr.h, version 2). */
export function aclXattr(entries: readonly AclEntry[]): Buffer {
  const value = Buffer.alloc(4 + 8 * entries.length);
  value.writeUInt32LE(2, 0);
  entries.forEach((entry, index) => {
    value.writeUInt16LE(TAGS[entry.tag], 4 + 8 * index);
    value.writeUInt16LE(entry.permissions, 6 + 8 * index);
    value.writeUInt32LE(entry.id ?? 0xffffffff, 8 + 8 * index);
  });
  return value;
}

/** `user::rwx,user:UID:rw-,group::r-x,mask::rwx,other::r-x`: one named user beside the usual three. */
export function aclForUser(uid: number, permissions: number): Buffer {
  return aclXattr([
    { tag: "owner", permissions: 7 },
    { tag: "user", permissions, id: uid },
    { tag: "owning-group", permissions: 5 },
    { tag: "mask", permissions: 7 },
    { tag: "other", permissions: 5 },
  ]);
}

/** The value of `security.capability` for one capability, permitted and effective (linux/capability.h, revision 2). */
export function capabilityXattr(capability: number): Buffer {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x02000001, 0);
  value.writeUInt32LE((1 << (capability & 31)) >>> 0, capability < 32 ? 4 : 12);
  return value;
}
