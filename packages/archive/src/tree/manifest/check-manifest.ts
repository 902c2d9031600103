import { StorageError } from "@copyup/core";
import { AT_FDCWD, closeFd, O_NOFOLLOW, O_RDONLY, openAt, readFd, SystemError, storageErrorFrom } from "@copyup/linux";
import type { LongOptions, ReadPart } from "../contract.ts";
import { callFailed, shownPath } from "../failure.ts";
import { Pace, type Paced } from "../pace.ts";
import { ViewCursor, ViewEntry } from "../view/index.ts";
import { contentOf } from "./content-crc.ts";
import { END, HEADER, type ManifestLine, parseLine } from "./manifest-line.ts";

const OP = "check";

/** `missing`: not there. `type`: another type, or there again although the layer deletes it. */
export interface ManifestProblem {
  readonly path: string;
  readonly kind: "missing" | "size" | "content" | "type";
  readonly message: string;
}

/**
 * Compares what a manifest says with a view: with the layer's whole chain, nearest part first, or with its own part. In the
 * manifest's order; gives the number of lines and bytes compared at the end. Rejects with CORRUPT for a file that is no
 * whole manifest, and as `changesBetween` does.
 */
export async function* checkManifest(
  file: string,
  parts: readonly ReadPart[],
  o: LongOptions = {},
): AsyncGenerator<ManifestProblem, { files: number; bytes: number }, void> {
  const pace = new Pace(OP, o);
  const cursor = new ViewCursor(parts, OP);
  const lines = readLines(file);
  const entry = new ViewEntry();
  let files = 0;
  try {
    // Where the view's directories are missing that is the error, even of a manifest that says nothing of them.
    cursor.directory("");
    for (const line of lines) {
      if (line.type === "file") files++;
      pace.entries++;
      const work = compare(line, cursor, entry, pace);
      for (;;) {
        const step = work.next();
        if (pace.due) await pace.rest();
        if (!step.done) continue;
        if (step.value !== null) yield step.value;
        break;
      }
    }
    pace.report();
    return { files, bytes: pace.bytes };
  } finally {
    lines.return(undefined);
    cursor.close();
  }
}

function* compare(line: ManifestLine, cursor: ViewCursor, entry: ViewEntry, pace: Pace): Paced<ManifestProblem | null> {
  const { path, type } = line;
  const problem = (kind: ManifestProblem["kind"], message: string) => ({ path: shownPath(path), kind, message });
  // The root is there, or the view could not have been opened.
  if (path === "") return null;
  const found = cursor.lookup(path, entry);
  if (type === "gone") {
    return found === null
      ? null
      : problem("type", `a ${found.stat.type} is there although the layer deletes that name`);
  }
  if (found === null) return problem("missing", `the layer's ${type} is missing`);
  if (found.stat.type !== type) return problem("type", `a ${found.stat.type} where the layer has a ${type}`);
  if (type === "file" && found.stat.size !== line.size) {
    return problem("size", `${found.stat.size} bytes instead of ${line.size}`);
  }
  try {
    const content = yield* contentOf(found, path, pace, OP);
    return content.crc === line.crc ? null : problem("content", "the content is not what was written");
  } catch (error) {
    throw error instanceof SystemError ? callFailed(-error.errno, error.syscall, OP, path) : error;
  }
}

function* readLines(file: string): Generator<ManifestLine, void, undefined> {
  let count = -1;
  for (const text of textLines(file)) {
    if (count < 0) {
      if (text !== HEADER) throw corrupt(file, "does not begin like a manifest");
      count = 0;
      continue;
    }
    if (text === `${END} ${count}`) return;
    const line = parseLine(text);
    if (line === null) throw corrupt(file, `line ${count + 2} is none of a manifest`);
    count++;
    yield line;
  }
  throw corrupt(file, "is cut off");
}

/** Lines as latin1, without their ends. */
function* textLines(file: string): Generator<string, void, undefined> {
  const fd = open(file);
  try {
    const piece = Buffer.allocUnsafeSlow(64 * 1024);
    let rest = "";
    for (;;) {
      const got = readFd(fd, piece);
      if (got === 0) return;
      const lines = (rest + piece.toString("latin1", 0, got)).split("\n");
      rest = lines.pop()!;
      yield* lines;
    }
  } finally {
    closeFd(fd);
  }
}

function open(file: string): number {
  try {
    return openAt(AT_FDCWD, file, O_RDONLY | O_NOFOLLOW);
  } catch (error) {
    throw storageErrorFrom(error, OP);
  }
}

function corrupt(file: string, what: string): StorageError {
  return new StorageError({ code: "CORRUPT", op: OP, message: `manifest ${file} ${what}`, path: file });
}
