import type { FileType } from "@copyup/core";
import { AT_FDCWD, closeFd, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY, openAt, writeFd } from "@copyup/linux";
import { putDecimal, putEscaped, putHex, putWord } from "./line-bytes.ts";
import { END, HEADER } from "./manifest-line.ts";

const BUFFER_BYTES = 128 * 1024;
/** All of a line but its path. */
const LONGEST_START = 64;
/** `\xNN` */
const LONGEST_ESCAPE = 4;

const WORDS = Object.fromEntries(
  ["file", "directory", "symlink", "char", "block", "fifo", "socket", "gone"].map((type) => [
    type,
    Buffer.from(`${type} `),
  ]),
) as Record<FileType | "gone", Buffer>;

/** A manifest being written (manifest-line.ts has the format). Lines are made of bytes and not of strings: there are as many as files. */
export class ManifestFile {
  readonly #fd: number;
  #bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #length = 0;
  #lines = 0;

  /** Replaces an existing file. Throws SystemError, as all here. */
  constructor(file: string) {
    this.#fd = openAt(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
    this.#length = this.#bytes.write(`${HEADER}\n`, "latin1");
  }

  /** Of the path `directory` (empty, or with a slash at its end) and `name[start..end]`. */
  line(
    type: FileType | "gone",
    size: number,
    crc: number,
    directory: Buffer,
    name: Buffer,
    start: number,
    end: number,
  ): void {
    const longest = LONGEST_START + LONGEST_ESCAPE * (directory.length + end - start);
    if (this.#length + longest > this.#bytes.length) this.#makeRoom(longest);
    const bytes = this.#bytes;
    let at = putWord(bytes, this.#length, WORDS[type]);
    at = putDecimal(bytes, at, size);
    at = putHex(bytes, at, crc);
    at = putEscaped(bytes, at, directory, 0, directory.length);
    at = putEscaped(bytes, at, name, start, end);
    bytes[at] = 0x0a;
    this.#length = at + 1;
    this.#lines++;
  }

  /** Makes it whole. */
  end(): void {
    this.#makeRoom(LONGEST_START);
    this.#length = this.#bytes.write(`${END} ${this.#lines}\n`, "latin1");
    this.#flush();
  }

  close(): void {
    closeFd(this.#fd);
  }

  #makeRoom(bytes: number): void {
    this.#flush();
    if (bytes > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  #flush(): void {
    writeFd(this.#fd, this.#bytes, 0, this.#length);
    this.#length = 0;
  }
}
