import { type Compression, compress, packLayer } from "@copyup/archive";
import { AT_FDCWD, closeFd, O_CREAT, O_TRUNC, O_WRONLY, openAt, writeFd } from "@copyup/linux";

/** A tree as a layer tar, compressed as gzip(1) and zstd(1) do unless told otherwise. */
export async function packTree(tree: string, file: string, compression: Compression, signal: AbortSignal) {
  const packed = packLayer({ above: [{ dir: tree, dialect: "tree" }], below: null }, { signal, reuse: true });
  const fd = openAt(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  try {
    for await (const piece of compress(packed, compression)) writeFd(fd, piece);
  } finally {
    closeFd(fd);
  }
}
