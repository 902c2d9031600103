import {
  AT_FDCWD,
  closeFd,
  O_CREAT,
  O_NOFOLLOW,
  O_TRUNC,
  O_WRONLY,
  openAt,
  storageErrorFrom,
  writeFd,
} from "@copyup/linux";
import type { Comparison, LongOptions } from "../contract.ts";
import type { Difference } from "../diff/difference.ts";
import { DifferenceWalk } from "../diff/difference-walk.ts";
import { Pace, type Paced, runPaced } from "../pace.ts";
import { contentOf } from "./content-crc.ts";
import { END, formatLine, HEADER } from "./manifest-line.ts";

const OP = "manifest";
const BUFFER_CHARS = 64 * 1024;

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
    const fd = openAt(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
    try {
      const writer = new ManifestWriter(fd, pace);
      await runPaced(writer.write(new DifferenceWalk(comparison, { op: OP, pace })), pace);
      return { files: writer.files, bytes: writer.bytes };
    } finally {
      closeFd(fd);
    }
  } catch (error) {
    throw storageErrorFrom(error, OP);
  }
}

class ManifestWriter {
  files = 0;
  bytes = 0;
  private readonly fd: number;
  private readonly pace: Pace;
  private text = `${HEADER}\n`;

  constructor(fd: number, pace: Pace) {
    this.fd = fd;
    this.pace = pace;
  }

  *write(walk: DifferenceWalk): Paced<void> {
    const steps = walk.steps();
    let lines = 0;
    try {
      for (let step = steps.next(); !step.done; step = steps.next()) {
        const difference = step.value;
        if (difference === undefined) yield;
        else if (difference.kind !== "ancestor") {
          lines++;
          yield* this.one(difference);
        }
      }
    } finally {
      steps.return();
    }
    this.text += `${END} ${lines}\n`;
    this.flush();
  }

  private *one({ kind, type, entry, path }: Difference): Paced<void> {
    this.pace.entries++;
    let content = { size: 0, crc: 0 };
    if (kind !== "delete" && entry !== null) content = yield* contentOf(entry, path, this.pace, OP);
    if (kind !== "delete" && type === "file") {
      this.files++;
      this.bytes += content.size;
    }
    this.text += formatLine({ type: kind === "delete" ? "gone" : type, ...content, path });
    if (this.text.length > BUFFER_CHARS) this.flush();
  }

  private flush(): void {
    writeFd(this.fd, Buffer.from(this.text, "latin1"));
    this.text = "";
  }
}
