import { AT_FDCWD, filePieces, O_RDONLY, openAt } from "@copyup/linux";

/** The bytes of a file, as a store's `apply` takes them. */
export function readTar(file: string): Iterable<Uint8Array> {
  return filePieces(openAt(AT_FDCWD, file, O_RDONLY));
}
