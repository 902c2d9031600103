import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { crc32 } from "node:zlib";
import { readlinkAt } from "@copyup/linux";
import type { LongOptions, ViewParts } from "../contract.ts";
import { callFailed, shownPath } from "../failure.ts";
import { Pace } from "../pace.ts";
import { ViewCursor, type ViewEntry } from "../view/index.ts";
import { checksumOf } from "./checksum.ts";
import { type ManifestLine, parseLine, TYPE_LETTERS } from "./manifest-line.ts";

const OP = "check";

export interface ManifestProblem {
  readonly path: string;
  readonly kind: "missing" | "size" | "content" | "type";
  readonly message: string;
}

/** Compares a layer's view with the manifest written when it was committed. Rejects with CORRUPT for a broken manifest. */
export async function* checkManifest(
  file: string,
  parts: ViewParts,
  o: LongOptions = {},
): AsyncGenerator<ManifestProblem, void, void> {
  const pace = new Pace(OP, o);
  const cursor = new ViewCursor(parts, OP);
  const stream = createReadStream(file, { encoding: "latin1", highWaterMark: 256 * 1024 });
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: 0 })) {
      const line = parseLine(text, file);
      pace.entries++;
      const problem = await compare(line, cursor, pace);
      if (problem) yield problem;
      if (pace.due) await pace.rest();
    }
    pace.report();
  } finally {
    stream.destroy();
    cursor.close();
  }
}

async function compare(line: ManifestLine, cursor: ViewCursor, pace: Pace): Promise<ManifestProblem | null> {
  const { path, type } = line;
  const problem = (kind: ManifestProblem["kind"], message: string) => ({
    path: shownPath(path),
    kind,
    message: `${shownPath(path)}: ${message}`,
  });
  if (path === "") return null;
  const entry = cursor.lookup(path);
  if (type === "-") return entry === null ? null : problem("type", "was deleted in this layer and is there again");
  if (entry === null) return problem("missing", "is missing");
  const found = TYPE_LETTERS[entry.stat.type];
  if (type === "h") return null;
  if (found !== type) return problem("type", `is a ${entry.stat.type} now`);
  if (type === "l") return compareBytes(line, linkText(entry), problem);
  if (type !== "f") return null;
  if (entry.stat.size !== line.size) return problem("size", `has ${entry.stat.size} bytes, had ${line.size}`);
  const steps = checksumOf(entry.dirfd, entry.name, pace, OP, path);
  let step = steps.next();
  for (; !step.done; step = steps.next()) await pace.rest();
  if (typeof step.value === "number") throw callFailed(step.value, "openat", OP, path);
  return compareBytes(line, step.value, problem);
}

function linkText(entry: ViewEntry): { size: number; crc: number } {
  const text = readlinkAt(entry.dirfd, Buffer.from(entry.name, "latin1"));
  return { size: text.length, crc: crc32(text) };
}

function compareBytes(
  line: ManifestLine,
  found: { size: number; crc: number },
  problem: (kind: ManifestProblem["kind"], message: string) => ManifestProblem,
): ManifestProblem | null {
  if (found.size !== line.size) return problem("size", `has ${found.size} bytes, had ${line.size}`);
  return found.crc === line.crc ? null : problem("content", "its bytes have changed");
}
