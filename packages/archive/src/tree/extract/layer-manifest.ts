import { crc32 } from "node:zlib";
import type { FileType } from "@copyup/core";
import { lstatName } from "@copyup/linux";
import type { TarEntry } from "../../codec/entry.ts";
import { checked } from "../failure.ts";
import { type Content, contentOf } from "../manifest/content-crc.ts";
import { crcOfBytes } from "../manifest/crc-of-bytes.ts";
import { crcAfterZeros } from "../manifest/crc-of-zeros.ts";
import { ManifestFile } from "../manifest/manifest-file.ts";
import type { Pace, Paced } from "../pace.ts";
import { ViewEntry } from "../view/index.ts";
import type { DirectoryTable } from "./directory-table.ts";
import type { OpenDirectories } from "./open-directories.ts";

const NOTHING = Buffer.alloc(0);
const SLASH = Buffer.from("/");
/** Contents of hard links that are remembered, so that a file is not read once for each of its names. */
const REMEMBERED = 1024;

interface Link {
  readonly directory: number;
  readonly path: Buffer;
  readonly start: number;
}

/**
 * A layer's manifest, written while its archive is extracted: the bytes are at hand, and reading them back would cost as much
 * again as writing them. In the archive's order, without the directories and deletions, which are told at the end.
 *
 * A line once written stays. So it is given up, for `writeManifest` to read the layer, when a later entry replaces something.
 */
export class LayerManifest {
  readonly #file: ManifestFile;
  readonly #table: DirectoryTable;
  readonly #open: OpenDirectories;
  /** Of the file being written. */
  #size = 0;
  #crc = 0;
  readonly #crcOf = crcOfBytes();
  #directory = -1;
  #prefix: Buffer = NOTHING;
  #links: Link[] = [];
  readonly #known = new Map<string, Content>();

  constructor(file: string, table: DirectoryTable, open: OpenDirectories) {
    this.#file = new ManifestFile(file);
    this.#table = table;
    this.#open = open;
  }

  /** `address`: of `chunk[offset]`. */
  data(chunk: Buffer, offset: number, length: number, address: number): void {
    this.#crc = this.#crcOf(this.#crc, chunk, offset, length, address);
    this.#size += length;
  }

  hole(length: number): void {
    this.#crc = crcAfterZeros(this.#crc, length);
    this.#size += length;
  }

  /** Of the name `path[start..]` in a directory. */
  endFile(directory: number, path: Buffer, start: number): void {
    this.line("file", this.#size, this.#crc, directory, path, start);
    this.#size = this.#crc = 0;
  }

  /** Of a symlink, a device or a fifo. */
  entry({ type, path, linkPath, devMajor, devMinor }: TarEntry, directory: number, start: number): void {
    if (type === "symlink") this.line(type, linkPath.length, crc32(linkPath), directory, path, start);
    else if (type === "fifo") this.line(type, 0, 0, directory, path, start);
    else this.line(type as "char" | "block", 0, crc32(`${devMajor}:${devMinor}`), directory, path, start);
  }

  /** Of a hard link, whose content is looked at before the next slice of the archive is read. */
  link(directory: number, path: Buffer, start: number): void {
    this.#links.push({ directory, path, start });
  }

  get waiting(): boolean {
    return this.#links.length > 0;
  }

  *settleLinks(pace: Pace): Paced<void> {
    const links = this.#links;
    this.#links = [];
    const entry = new ViewEntry();
    for (const { directory, path, start } of links) {
      const shown = path.toString("latin1");
      entry.dirfd = this.#open.fd(directory);
      entry.name = shown.slice(start);
      checked(lstatName(entry.dirfd, entry.name, entry.stat), "statx", "apply", shown);
      const { key } = entry.stat;
      const content = this.#known.get(key) ?? (yield* contentOf(entry, shown, pace, "apply"));
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      this.#known.set(key, content);
      this.line(entry.stat.type, content.size, content.crc, directory, path, start);
      if (pace.due) yield;
    }
  }

  line(type: FileType | "gone", size: number, crc: number, directory: number, path: Buffer, start: number): void {
    if (directory !== this.#directory) {
      const prefix = this.#table.path(directory);
      this.#prefix = prefix.length === 0 ? NOTHING : Buffer.concat([prefix, SLASH]);
      this.#directory = directory;
    }
    this.#file.line(type, size, crc, this.#prefix, path, start, path.length);
  }

  /** Makes it whole. */
  end(): void {
    this.#file.end();
  }

  close(): void {
    this.#file.close();
  }
}
