import { storageErrorFrom } from "@copyup/linux";
import type { Comparison, LongOptions } from "../contract.ts";
import type { Difference } from "../diff/difference.ts";
import { DifferenceWalk } from "../diff/difference-walk.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { contentOf, NO_CONTENT } from "./content-crc.ts";
import { ManifestFile } from "./manifest-file.ts";

const OP = "manifest";
const NOTHING = Buffer.alloc(0);

/**
 * Writes what a layer changes, with sizes and checksums, to a file that `checkManifest` reads: one line a change, in
 * canonical order. An existing file is replaced. Gives the number of regular files and their bytes. Rejects as
 * `changesBetween` does, and with NO_SPACE.
 */
export async function writeManifest(
  comparison: Comparison,
  file: string,
  o: LongOptions = {},
): Promise<{ files: number; bytes: number }> {
  const pace = new Pace(OP, o);
  try {
    const manifest = new ManifestFile(file);
    try {
      const writer = new ManifestWriter(manifest, pace);
      await runPaced(writer.write(new DifferenceWalk(comparison, { op: OP, pace })), pace);
      return { files: writer.files, bytes: writer.bytes };
    } finally {
      manifest.close();
    }
  } catch (error) {
    throw storageErrorFrom(error, OP);
  }
}

class ManifestWriter {
  files = 0;
  bytes = 0;
  private readonly manifest: ManifestFile;
  private readonly pace: Pace;

  constructor(manifest: ManifestFile, pace: Pace) {
    this.manifest = manifest;
    this.pace = pace;
  }

  *write(walk: DifferenceWalk): Paced<void> {
    const steps = walk.steps();
    try {
      for (let step = steps.next(); !step.done; step = steps.next()) {
        const difference = step.value;
        if (difference === undefined) yield;
        else if (difference.kind !== "ancestor") yield* this.one(difference);
      }
    } finally {
      steps.return();
    }
    this.manifest.end();
  }

  private *one({ kind, type, entry, path }: Difference): Paced<void> {
    this.pace.entries++;
    const content = kind === "delete" || entry === null ? NO_CONTENT : yield* contentOf(entry, path, this.pace, OP);
    if (kind !== "delete" && type === "file") {
      this.files++;
      this.bytes += content.size;
    }
    const bytes = Buffer.from(path, "latin1");
    this.manifest.line(kind === "delete" ? "gone" : type, content.size, content.crc, NOTHING, bytes, 0, bytes.length);
  }
}
