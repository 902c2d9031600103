/**
 * What every mount gets besides its branches and its table of inode numbers.
 * - `dirperm1`: of a directory's modes only that of the nearest branch counts, as one expects after a chmod;
 * - `acl`: POSIX ACLs can be set (those that are there are shown and copied without it);
 * - `dio`: O_DIRECT works;
 * - `nowarn_perm`: layers whose roots have different owners are no news, and the kernel's log says it for each branch.
 */
export const MOUNT_OPTIONS: readonly string[] = ["dirperm1", "acl", "dio", "nowarn_perm"];

/** First choice for the table of inode numbers: there a full disk cannot stop it from growing, which would be EIO. */
export const MEMORY = "/dev/shm";
