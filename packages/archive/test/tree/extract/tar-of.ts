import {
  END_OF_ARCHIVE,
  type EntryType,
  encodeHeader,
  headerSize,
  padding,
  type TarEntry,
} from "../../../src/codec/index.ts";

/** An entry as tests write it. Names are UTF-8 strings, or bytes. */
export interface TestEntry {
  readonly path: string | Buffer;
  readonly type?: EntryType;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSec?: number;
  readonly mtimeNsec?: number;
  readonly data?: string | Buffer;
  readonly link?: string | Buffer;
  readonly dev?: readonly [major: number, minor: number];
  readonly xattrs?: Readonly<Record<string, string | Buffer>>;
}

/** A layer archive. The codec's writer takes any path as it is, `../x` and `/x` too. */
export function tarOf(entries: readonly TestEntry[]): Buffer {
  return Buffer.concat([...entries.map(bytesOf), END_OF_ARCHIVE]);
}

function bytesOf(entry: TestEntry): Buffer {
  const data = Buffer.from(entry.data ?? "");
  const header = headerOf(tarEntry(entry, data.length));
  return Buffer.concat([header, data, Buffer.alloc(padding(data.length))]);
}

function tarEntry(entry: TestEntry, size: number): TarEntry {
  const type = entry.type ?? "file";
  return {
    path: Buffer.from(entry.path),
    type,
    mode: entry.mode ?? (type === "directory" ? 0o755 : 0o644),
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    size,
    mtimeSec: entry.mtimeSec ?? 1_600_000_000,
    mtimeNsec: entry.mtimeNsec ?? 0,
    linkPath: Buffer.from(entry.link ?? ""),
    devMajor: entry.dev?.[0] ?? 0,
    devMinor: entry.dev?.[1] ?? 0,
    xattrs: Object.entries(entry.xattrs ?? {}).map(([name, value]) => ({
      name: Buffer.from(name),
      value: Buffer.from(value),
    })),
  };
}

function headerOf(entry: TarEntry): Buffer {
  const out = Buffer.alloc(headerSize(entry));
  return out.subarray(0, encodeHeader(entry, out, 0));
}
