import { createHash, hash } from "node:crypto";
import { libc, preadFd, SEEK_DATA } from "@copyup/linux";

const BLOCK = 4096;
const buffer = Buffer.allocUnsafeSlow(256 * BLOCK);
const zeros = Buffer.alloc(BLOCK);

/**
 * A digest of a file's bytes, for comparing files of the suite alone. Holes are not read, and blocks of zeros count as holes: a sparse file of 5 GiB costs nothing,
 * and equal bytes give equal digests however they are stored.
 */
export function contentDigest(fd: number, size: number): string {
  // Nearly every file of the suite: one read and one call, for which no object is made.
  if (size <= BLOCK) return hash("sha1", buffer.subarray(0, preadFd(fd, buffer, 0, 0, size)), "hex");
  const digest = createHash("sha1").update(`${size}\n`);
  let told = 0;
  let at = 0;
  while (at < size) {
    const data = libc.lseek(fd, at, SEEK_DATA);
    // ENXIO: nothing but a hole up to the end. Other errors: the filesystem knows no holes, so read on.
    if (data === -6) break;
    if (data > at) at = data - (data % BLOCK);
    const got = preadFd(fd, buffer, at, 0, Math.min(buffer.length, size - at));
    if (got === 0) break;
    for (const [from, to] of runsOfData(got)) {
      // Where a run begins is told; not how it was read, which differs between a sparse file and a written one.
      if (at + from !== told || told === 0) digest.update(`${at + from}:`);
      digest.update(buffer.subarray(from, to));
      told = at + to;
    }
    at += got;
  }
  return digest.digest("hex");
}

/** Of what the buffer holds: blocks that are not all zeros, neighbours taken together. */
function* runsOfData(length: number): Generator<readonly [from: number, to: number]> {
  let from = -1;
  for (let at = 0; at < length; at += BLOCK) {
    const block = buffer.subarray(at, Math.min(at + BLOCK, length));
    const empty = block.equals(block.length === BLOCK ? zeros : zeros.subarray(0, block.length));
    if (empty && from >= 0) yield [from, at];
    if (empty) from = -1;
    else if (from < 0) from = at;
  }
  if (from >= 0) yield [from, length];
}
