import { accessSync, constants, createReadStream, statSync } from "node:fs";
import path from "node:path";
import { openPlain, TarReader } from "@copyup/archive";
import { isStorageError, StorageError } from "@copyup/core";
import type { Image } from "./image.ts";

const WANTED = "--image takes a root filesystem tar (plain, gzip or zstd), such as docker export writes";

/** What was asked for with --image: one layer, read when it is applied. IO where it cannot be read, BAD_ARCHIVE where it begins as no tar. */
export async function imageFromFile(file: string): Promise<Image> {
  try {
    if (!statSync(file).isFile()) throw Object.assign(new Error("not a regular file"), { code: "EISDIR" });
    accessSync(file, constants.R_OK);
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    throw new StorageError({
      code: "IO",
      op: "compare",
      message: `cannot read the image ${file}: ${errno}`,
      path: file,
      errno,
      hint: WANTED,
    });
  }
  await requireTar(file);
  return { layers: [path.resolve(file)], description: `the root filesystem ${path.basename(file)}` };
}

/** Its first entry, for the suite runs for minutes before the rest is read. */
async function requireTar(file: string): Promise<void> {
  try {
    const { chunks } = await openPlain(createReadStream(file), { compressedDigest: false });
    const reader = new TarReader({ entry() {}, data() {}, hole() {} });
    for await (const chunk of chunks) {
      reader.write(chunk);
      if (reader.entries > 0) return;
    }
    reader.end();
  } catch (error) {
    if (!isStorageError(error)) throw error;
    const { code, message } = error;
    throw new StorageError({
      ...{ code, op: "compare", path: file, hint: WANTED, cause: error },
      message: `${file} is no image: ${message}`,
    });
  }
}
