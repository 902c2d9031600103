import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { cannotRead } from "./cannot-read.ts";

/**
 * Where an archive comes from: a file, or `-` for standard input. It is open when this returns, so one that cannot be read
 * is told of before anything is made. Rejects with IO.
 */
export async function openArchive(file: string): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  if (file === "-") return process.stdin;
  const { AT_FDCWD, filePieces, O_RDONLY, openAt } = await import("@copyup/linux");
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    if (stat.isFile()) return filePieces(openAt(AT_FDCWD, file, O_RDONLY));
    // A fifo's open waits for somebody to write: not in this thread, which Ctrl-C must reach.
    const stream = createReadStream(file);
    await once(stream, "open");
    return stream;
  } catch (error) {
    throw cannotRead("apply", file, (error as NodeJS.ErrnoException).code);
  }
}
