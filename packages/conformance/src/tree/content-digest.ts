import { createHash, hash } from "node:crypto";
import { libc, preadFd, SEEK_DATA } from "@copyup/linux";

const BLOCK = 4096;
const buffer = Buffer.allocUnsafeSlow(256 * BLOCK);
const zeros = Buffer.alloc(BLOCK);

/**
 * A digest of a file's bytes. Holes are not read, and blocks of zeros count as holes: a sparse file of 5 GiB costs nothing,
 * and equal bytes give equal digests however they are stored.
 */
export function contentDigest(fd: number, size: number): string {
  // Nearly every file of the suite: one read and one call, for which no object is made.
  if (size <= BLOCK) return hash("sha256", buffer.subarray(0, preadFd(fd, buffer, 0, 0, size)), "hex");
  const digest = createHash("sha256").update(`${size}\n`);
  let at = 0;
  while (at < size) {
    const data = libc.lseek(fd, at, SEEK_DATA);
    // ENXIO: nothing but a hole up to the end. Other errors: the filesystem knows no holes, so read on.
    if (data === -6) break;
    if (data > at) at = data - (data % BLOCK);
    const got = preadFd(fd, buffer, at, 0, Math.min(buffer.length, size - at));
    if (got === 0) break;
    hashBlocks(digest, at, got);
    at += got;
  }
  return digest.digest("hex");
}

function hashBlocks(digest: ReturnType<typeof createHash>, position: number, length: number): void {
  for (let at = 0; at < length; at += BLOCK) {
    const block = buffer.subarray(at, Math.min(at + BLOCK, length));
    if (block.equals(block.length === BLOCK ? zeros : zeros.subarray(0, block.length))) continue;
    digest.update(`${position + at}:`).update(block);
  }
}
