import { createHash } from "node:crypto";
import { snapshotTree } from "./snapshot.ts";

/**
 * sha256 over everything a directory holds but access times: ctimes too, so that a change which was taken back is seen, and
 * every xattr, the driver's own included.
 */
export function fingerprintTree(root: string): string {
  const hash = createHash("sha256");
  for (const [path, entry] of snapshotTree(root)) {
    const { inode: _, ...told } = entry;
    hash.update(path, "latin1");
    hash.update(`\0${JSON.stringify(told, (_, value) => (typeof value === "bigint" ? `${value}` : value))}\n`);
  }
  return hash.digest("hex");
}
