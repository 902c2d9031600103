import { createHash } from "node:crypto";
import { AT_FDCWD, setMtimeAt } from "@copyup/linux";
import { snapshotTree } from "./snapshot.ts";

/** 2001-02-03T04:05:06Z. */
const EPOCH_SECONDS = 981_173_106;

/**
 * Gives everything that was modified at `sinceNs` or later a time that depends on its path alone. So a tree built twice is
 * the same twice, while a time the builder set on purpose stays.
 */
export function settleTimes(root: string, sinceNs: bigint): void {
  const settled = new Set<string>();
  for (const [path, entry] of snapshotTree(root, "stat")) {
    if (entry.mtimeNs < sinceNs || settled.has(entry.inode)) continue;
    settled.add(entry.inode);
    const digest = createHash("sha1").update(path, "latin1").digest();
    const full = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
    setMtimeAt(AT_FDCWD, full, EPOCH_SECONDS + digest.readUInt16LE(0), 1 + (digest.readUInt32LE(2) % 999_999_999));
  }
}
