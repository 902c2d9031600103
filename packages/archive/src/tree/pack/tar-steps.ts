import { closeFd, EINTR, ELOOP, ENOENT, libc, SystemError } from "@copyup/linux";
import { END_OF_ARCHIVE, encodeHeader, headerSize, padding, type TarEntry } from "../../codec/index.ts";
import type { Difference } from "../diff/difference.ts";
import type { DifferenceWalk } from "../diff/difference-walk.ts";
import { callFailed, checked } from "../failure.ts";
import { openFile } from "../open-file.ts";
import type { Pace } from "../pace.ts";
import { closeContent, contentFd } from "../view/index.ts";
import { layerEntry, linkEntry, whiteoutEntry } from "./layer-entry.ts";
import { TarBuffer } from "./tar-buffer.ts";

export type NoteKind = "socket" | "vanished" | "shrank";

export interface TarStepsOptions {
  readonly op: string;
  readonly pace: Pace;
  readonly note: (kind: NoteKind, path: string) => void;
  /** See TarBuffer. */
  readonly reuse: boolean;
}

/** Pieces of the archive; `undefined`: others may run now. */
export type TarPieces = Generator<Buffer | undefined, void, undefined>;

/** Writes a walk's differences as a layer archive, read(2) going straight into it. */
export class TarSteps {
  private readonly walk: DifferenceWalk;
  private readonly options: TarStepsOptions;
  private readonly out: TarBuffer;

  constructor(walk: DifferenceWalk, options: TarStepsOptions) {
    this.walk = walk;
    this.options = options;
    this.out = new TarBuffer(options.reuse);
  }

  *pieces(): TarPieces {
    const { out } = this;
    const steps = this.walk.steps();
    try {
      for (let step = steps.next(); !step.done; step = steps.next()) {
        if (step.value === undefined) yield;
        else yield* this.one(step.value);
      }
    } finally {
      steps.return();
    }
    if (out.room < END_OF_ARCHIVE.length) yield out.take(END_OF_ARCHIVE.length) ?? undefined;
    out.used += END_OF_ARCHIVE.copy(out.bytes, out.used);
    const last = out.last();
    if (last !== null) yield last;
  }

  private *one(difference: Difference): TarPieces {
    const { op, pace } = this.options;
    pace.entries++;
    if (difference.kind === "delete") yield* this.header(whiteoutEntry(difference.path, op));
    else if (difference.linkTo !== null) yield* this.header(linkEntry(difference, op));
    else if (difference.type === "file") yield* this.file(difference);
    else yield* this.named(difference);
  }

  private *named(difference: Difference): TarPieces {
    const entry = this.read(difference, difference.fd);
    if (entry === null) this.vanished(difference);
    else yield* this.header(entry);
  }

  /**
   * Somebody may be writing to an active layer. The header says the size the file had when it was found; one that grew is
   * cut there, one that shrank is filled up with zeros and noted.
   */
  private *file(difference: Difference): TarPieces {
    const { op } = this.options;
    const { dirfd, name } = difference.entry!;
    const fd = openFile(dirfd, name);
    if (fd === -ENOENT || fd === -ELOOP) return this.vanished(difference);
    checked(fd, "openat", op, difference.path);
    let content = fd;
    try {
      const entry = this.read(difference, fd);
      if (entry === null) return this.vanished(difference);
      const { size } = entry;
      content = contentFd(difference.entry!, fd, op, difference.path);
      yield* this.header(entry);
      yield* this.content(content, size, difference.path);
    } finally {
      closeContent(content, fd);
      closeFd(fd);
    }
  }

  private *content(fd: number, size: number, path: string): TarPieces {
    const { out } = this;
    const { op, pace, note } = this.options;
    let ended = false;
    for (let left = size; left > 0; ) {
      if (out.room === 0) yield out.take(0) ?? undefined;
      const wanted = Math.min(left, out.room);
      if (ended) {
        out.zeros(wanted);
        left -= wanted;
        continue;
      }
      const got = libc.read(fd, out.ptr + out.used, wanted);
      if (got === -EINTR) continue;
      if (checked(got, "read", op, path) === 0) {
        ended = true;
        note("shrank", path);
      }
      out.used += got;
      left -= got;
      pace.bytes += got;
    }
    // Blocks begin at multiples of 512 of each piece, so there is room.
    out.zeros(padding(size));
  }

  private *header(entry: TarEntry): TarPieces {
    const { out } = this;
    const most = headerSize(entry);
    if (out.room < most) yield out.take(most) ?? undefined;
    out.used += encodeHeader(entry, out.bytes, out.used);
  }

  /** Null: it is gone. */
  private read(difference: Difference, fd: number): TarEntry | null {
    try {
      return layerEntry(difference, fd, this.options.op);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      if (error.errno === ENOENT) return null;
      throw callFailed(-error.errno, error.syscall, this.options.op, difference.path);
    }
  }

  private vanished(difference: Difference): void {
    if (difference.entry !== null) this.walk.vanished(difference.entry);
    this.options.note("vanished", difference.path);
  }
}
