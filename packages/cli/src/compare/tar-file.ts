import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { END_OF_ARCHIVE, encodeHeader, headerSize, padding, type TarEntry } from "@copyup/archive";

export interface EntryFields {
  readonly type?: TarEntry["type"];
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSec?: number;
  readonly mtimeNsec?: number;
  readonly link?: string;
  readonly device?: readonly [major: number, minor: number];
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly data?: Buffer;
}

const NEVER = 1_700_000_000;

/** Writes a tar entry by entry; for making the image, where no tree exists to be packed. */
export class TarFile {
  readonly #fd: number;

  constructor(file: string) {
    this.#fd = openSync(file, "wx");
  }

  add(path: string, fields: EntryFields = {}): void {
    const data = fields.data ?? Buffer.alloc(0);
    const type = fields.type ?? "file";
    const entry: TarEntry = {
      path: Buffer.from(path),
      type,
      mode: fields.mode ?? (type === "directory" ? 0o755 : type === "symlink" ? 0o777 : 0o644),
      uid: fields.uid ?? 0,
      gid: fields.gid ?? 0,
      size: data.length,
      mtimeSec: fields.mtimeSec ?? NEVER,
      mtimeNsec: fields.mtimeNsec ?? 0,
      linkPath: Buffer.from(fields.link ?? ""),
      devMajor: fields.device?.[0] ?? 0,
      devMinor: fields.device?.[1] ?? 0,
      xattrs: Object.entries(fields.xattrs ?? {}).map(([name, value]) => ({
        name: Buffer.from(name),
        value: Buffer.from(value),
      })),
    };
    const header = Buffer.alloc(headerSize(entry));
    writeSync(this.#fd, header, 0, encodeHeader(entry, header, 0));
    if (data.length === 0) return;
    writeSync(this.#fd, data);
    writeSync(this.#fd, Buffer.alloc(padding(data.length)));
  }

  addFile(path: string, source: string, mode: number, mtimeMs: number): void {
    const sec = Math.floor(mtimeMs / 1000);
    this.add(path, {
      data: readFileSync(source),
      mode,
      mtimeSec: sec,
      mtimeNsec: Math.floor((mtimeMs - sec * 1000) * 1e6),
    });
  }

  /** Deletes a name of the layers below (OCI's explicit whiteout). */
  whiteout(path: string): void {
    const slash = path.lastIndexOf("/");
    this.add(`${path.slice(0, slash + 1)}.wh.${path.slice(slash + 1)}`, { mtimeSec: 0 });
  }

  close(): void {
    writeSync(this.#fd, END_OF_ARCHIVE);
    closeSync(this.#fd);
  }
}
