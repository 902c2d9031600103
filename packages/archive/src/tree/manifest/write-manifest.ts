import { crc32 } from "node:zlib";
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY, openAt, readlinkAt, withFd, writeFd } from "@copyup/linux";
import type { Comparison, LongOptions } from "../contract.ts";
import type { Difference } from "../diff/difference.ts";
import { DifferenceWalk } from "../diff/difference-walk.ts";
import { checked } from "../failure.ts";
import { Pace, runPaced } from "../pace.ts";
import { checksumOf } from "./checksum.ts";
import { formatLine, TYPE_LETTERS } from "./manifest-line.ts";

const OP = "manifest";
const FLUSH_CHARACTERS = 64 * 1024;

/**
 * Writes what the layer changes, a line a name (see ManifestLine), for `checkManifest` to compare with later. Not synced: the
 * caller publishes it together with the layer. Rejects as `packLayer` does, and with NO_SPACE.
 */
export async function writeManifest(
  comparison: Comparison,
  file: string,
  o: LongOptions = {},
): Promise<{ files: number; bytes: number }> {
  const pace = new Pace(OP, o);
  return withOpen(file, (fd) => runPaced(lines(comparison, fd, pace), pace));
}

async function withOpen<T>(file: string, use: (fd: number) => Promise<T>): Promise<T> {
  const fd = openAt(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  try {
    return await use(fd);
  } finally {
    withFd(fd, () => {});
  }
}

function* lines(
  comparison: Comparison,
  out: number,
  pace: Pace,
): Generator<undefined, { files: number; bytes: number }, undefined> {
  const walk = new DifferenceWalk(comparison, { op: OP, pace });
  const steps = walk.steps();
  let text = "";
  let files = 0;
  const flush = () => {
    if (text !== "") writeFd(out, Buffer.from(text, "latin1"));
    text = "";
  };
  try {
    for (let step = steps.next(); !step.done; step = steps.next()) {
      const difference = step.value;
      if (difference === undefined) yield;
      else if (difference.kind !== "ancestor") {
        text += yield* line(difference, pace);
        pace.entries++;
        files++;
        if (text.length > FLUSH_CHARACTERS) flush();
      }
    }
    flush();
    return { files, bytes: pace.bytes };
  } finally {
    steps.return();
  }
}

function* line(difference: Difference, pace: Pace): Generator<undefined, string, undefined> {
  const { kind, path, type, linkTo, entry } = difference;
  if (kind === "delete") return formatLine({ type: "-", size: 0, crc: 0, path });
  if (linkTo !== null) return formatLine({ type: "h", size: 0, crc: 0, path });
  if (entry !== null && type === "symlink") {
    const text = readlinkAt(entry.dirfd, Buffer.from(entry.name, "latin1"));
    return formatLine({ type: "l", size: text.length, crc: crc32(text), path });
  }
  if (entry === null || type !== "file") return formatLine({ type: TYPE_LETTERS[type], size: 0, crc: 0, path });
  const sum = yield* checksumOf(entry.dirfd, entry.name, pace, OP, path);
  if (typeof sum === "number") throw checked(sum, "openat", OP, path);
  return formatLine({ type: "f", ...sum, path });
}
