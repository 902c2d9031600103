import {
  addressOf,
  check,
  EINTR,
  EPERM,
  libc,
  makeDev,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_WRONLY,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
} from "@copyup/linux";
import type { TarEntry, TarHandler } from "../../codec/entry.ts";
import type { CopyUp } from "./copy-up.ts";
import { writeDirectory, writeRoot } from "./directory-entries.ts";
import { notRepresentable } from "./failures.ts";
import { writeHardLink } from "./hard-links.ts";
import type { LayerInProgress } from "./layer-in-progress.ts";
import { layerNameOf } from "./layer-name.ts";
import { IGNORED } from "./parent-directories.ts";
import { pinName } from "./pinned-names.ts";
import { rememberLost, rememberOpaque, rememberWhiteout } from "./whiteouts.ts";

const SLASH = 0x2f;
const CREATE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
const SEEK_CUR = 1;
const NODE_TYPES = { char: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO } as const;

/** Writes an archive's entries into a layer's directory as they come. Whiteouts and directories' attributes wait for the end. */
export class LayerWriter implements TarHandler {
  /** Seen so far, whatever became of them. */
  entries = 0;
  /** Of files' contents, holes included. */
  bytes = 0;
  readonly #layer: LayerInProgress;
  readonly #copyUp: CopyUp;
  #entry: TarEntry | null = null;
  #fd = -1;
  /** Where the file being written lies. */
  #parent = -1;
  #start = 0;
  #endsInHole = false;
  /** The chunk that was written from last, and its address. */
  #chunk: Buffer | null = null;
  #chunkAt = 0;

  constructor(layer: LayerInProgress, copyUp: CopyUp) {
    this.#layer = layer;
    this.#copyUp = copyUp;
  }

  /** Of the entry being read, or read last. */
  get path(): Buffer {
    return this.#entry?.path ?? Buffer.alloc(0);
  }

  entry(entry: TarEntry): void {
    this.#entry = entry;
    this.entries++;
    const { path } = entry;
    if (path.length === 0) {
      writeRoot(this.#layer, entry);
      return;
    }
    const slash = path.lastIndexOf(SLASH);
    const kind = layerNameOf(path, slash + 1, path.length);
    if (kind === "plain") this.#plain(entry, slash);
    else if (kind === "whiteout") rememberWhiteout(this.#layer, entry, slash);
    else if (kind === "opaque") rememberOpaque(this.#layer, entry, slash);
  }

  data(chunk: Buffer, offset: number, length: number): void {
    if (this.#fd < 0) return;
    if (chunk !== this.#chunk) {
      this.#chunk = chunk;
      this.#chunkAt = addressOf(chunk);
    }
    for (let at = this.#chunkAt + offset, left = length; left > 0; ) {
      const wrote = libc.write(this.#fd, at, left);
      if (wrote === -EINTR) continue;
      at += check(wrote, "write");
      left -= wrote;
    }
    this.#layer.manifest?.data(chunk, offset, length, this.#chunkAt + offset);
    this.#endsInHole = false;
  }

  hole(length: number): void {
    if (this.#fd < 0) return;
    check(libc.lseek(this.#fd, length, SEEK_CUR), "lseek");
    this.#layer.manifest?.hole(length);
    this.#endsInHole = true;
  }

  endEntry(): void {
    const fd = this.#fd;
    if (fd < 0) return;
    const entry = this.#entry!;
    if (this.#endsInHole) check(libc.ftruncate(fd, entry.size), "ftruncate");
    this.#layer.attributes.file(fd, entry);
    this.#fd = -1;
    check(libc.close(fd), "close");
    this.#layer.manifest?.endFile(this.#parent, entry.path, this.#start);
  }

  /** Lets go of the last chunk: its memory may be used again. */
  forgetChunk(): void {
    this.#chunk = null;
  }

  /** Of what an error left open. */
  close(): void {
    if (this.#fd >= 0) libc.close(this.#fd);
    this.#fd = -1;
  }

  #plain(entry: TarEntry, slash: number): void {
    const parent = this.#layer.parents.ofEntry(entry.path, slash);
    if (parent === IGNORED) return;
    const start = slash + 1;
    switch (entry.type) {
      case "file":
        this.#file(entry, parent, start);
        return;
      case "directory":
        writeDirectory(this.#layer, entry, parent, start);
        return;
      case "symlink":
        this.#symlink(entry, parent, start);
        return;
      case "hardlink":
        writeHardLink(this.#layer, this.#copyUp, entry, parent, start);
        return;
      default:
        this.#node(entry, NODE_TYPES[entry.type], parent, start);
    }
  }

  #file(entry: TarEntry, parent: number, start: number): void {
    const { path } = entry;
    const mode = entry.mode & 0o777;
    this.#fd = this.#layer.place(parent, path, start, path.length, "openat", (dirFd, name) =>
      libc.openat(dirFd, name, CREATE, mode),
    );
    this.#parent = parent;
    this.#start = start;
    this.#endsInHole = false;
    this.bytes += entry.size;
  }

  #symlink(entry: TarEntry, parent: number, start: number): void {
    const { path, linkPath } = entry;
    const text = pinName(linkPath, 0, linkPath.length, 1);
    this.#layer.place(parent, path, start, path.length, "symlinkat", (dirFd, name) =>
      libc.symlinkat(text, dirFd, name),
    );
    const dirFd = this.#layer.open.fd(parent);
    this.#layer.attributes.symlink(dirFd, path, start, path.length, entry);
    this.#layer.manifest?.entry(entry, parent, start);
  }

  #node(entry: TarEntry, type: number, parent: number, start: number): void {
    const { path, mode } = entry;
    const { devMajor, devMinor } = entry;
    if (type === S_IFCHR && devMajor === 0 && devMinor === 0) {
      const hint = "that is how overlay writes a deletion: was an overlay's upper directory packed as it is?";
      throw notRepresentable(path, "a character device 0:0 cannot be in a layer", hint);
    }
    const device = type === S_IFIFO ? 0 : makeDev(devMajor, devMinor);
    let refused = false;
    this.#layer.place(parent, path, start, path.length, "mknodat", (dirFd, name) => {
      const result = libc.mknodat(dirFd, name, type | mode, device);
      refused = result === -EPERM;
      return refused ? 0 : result;
    });
    if (refused) {
      this.#layer.lost.record("device", path.toString("latin1"), `a ${entry.type} device`, "mknodat", EPERM);
      rememberLost(this.#layer, parent, path, start, path.length);
      return;
    }
    const dirFd = this.#layer.open.fd(parent);
    const { attributes } = this.#layer;
    attributes.named(dirFd, path, start, path.length, attributes.madeMode(mode), entry);
    this.#layer.manifest?.entry(entry, parent, start);
  }
}
