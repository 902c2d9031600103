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

/** A file whose content is being written. */
interface OpenFile {
  readonly fd: number;
  /** What its bytes are read from: itself, or another file (see contentFd). */
  content: number;
  readonly path: string;
  size: number;
  left: number;
  /** It is shorter than it was. */
  ended: boolean;
}

/** Writes a walk's differences as a layer archive, read(2) going straight into it. */
export class TarSteps {
  private readonly walk: DifferenceWalk;
  private readonly options: TarStepsOptions;
  private readonly out: TarBuffer;
  /** Taken while the current entry was begun: to be told before its content goes on. */
  private full: Buffer | null = null;
  private open: OpenFile | null = null;

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
        if (step.value === undefined) {
          yield;
          continue;
        }
        this.begin(step.value);
        if (this.full !== null) {
          yield this.full;
          this.full = null;
        }
        while (this.open !== null) {
          if (out.room === 0) yield out.take(0) ?? undefined;
          this.fill(this.open);
        }
      }
    } finally {
      this.close();
      steps.return();
    }
    if (out.room < END_OF_ARCHIVE.length) yield out.take(END_OF_ARCHIVE.length) ?? undefined;
    out.used += END_OF_ARCHIVE.copy(out.bytes, out.used);
    const last = out.last();
    if (last !== null) yield last;
  }

  /** The entry's header and as much of its content as there is room for. */
  private begin(difference: Difference): void {
    const { op, pace } = this.options;
    pace.entries++;
    if (difference.kind === "delete") this.header(whiteoutEntry(difference.path, op));
    else if (difference.linkTo !== null) this.header(linkEntry(difference, op));
    else if (difference.type === "file") this.file(difference);
    else {
      const entry = this.read(difference, difference.fd);
      if (entry === null) this.vanished(difference);
      else this.header(entry);
    }
  }

  /**
   * Somebody may be writing to an active layer. The header says the size the file had when it was found; one that grew is
   * cut there, one that shrank is filled up with zeros and noted.
   */
  private file(difference: Difference): void {
    const { op } = this.options;
    const { path, entry: at } = difference;
    const { dirfd, name } = at!;
    const fd = openFile(dirfd, name);
    if (fd === -ENOENT || fd === -ELOOP) {
      this.vanished(difference);
      return;
    }
    checked(fd, "openat", op, path);
    const open: OpenFile = { fd, content: fd, path, size: 0, left: 0, ended: false };
    this.open = open;
    const entry = this.read(difference, fd);
    if (entry === null) {
      this.close();
      this.vanished(difference);
      return;
    }
    open.size = open.left = entry.size;
    open.content = contentFd(at!, fd, op, path);
    this.header(entry);
    this.fill(open);
  }

  /** Closes the file when all of it is there. */
  private fill(open: OpenFile): void {
    const { out } = this;
    const { op, pace, note } = this.options;
    while (open.left > 0) {
      const wanted = Math.min(open.left, out.room);
      if (wanted === 0) return;
      if (open.ended) {
        out.zeros(wanted);
        open.left -= wanted;
        continue;
      }
      const got = libc.read(open.content, out.ptr + out.used, wanted);
      if (got === -EINTR) continue;
      if (checked(got, "read", op, open.path) === 0) {
        open.ended = true;
        note("shrank", open.path);
      }
      out.used += got;
      open.left -= got;
      pace.bytes += got;
    }
    // Blocks begin at multiples of 512 of each piece, so there is room.
    out.zeros(padding(open.size));
    this.close();
  }

  private close(): void {
    if (this.open === null) return;
    const { content, fd } = this.open;
    this.open = null;
    closeContent(content, fd);
    closeFd(fd);
  }

  /** There is room for all of it after one piece was taken, so that no entry takes a second one. */
  private header(entry: TarEntry): void {
    const { out } = this;
    const most = headerSize(entry);
    if (out.room < most) this.full = out.take(most);
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
