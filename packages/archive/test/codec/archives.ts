import {
  END_OF_ARCHIVE,
  encodeHeader,
  headerSize,
  padding,
  type ReadLimits,
  type TarEntry,
  TarReader,
} from "../../src/codec/index.ts";

/** An entry and its content. */
export interface Member {
  readonly entry: TarEntry;
  readonly content: Buffer;
}

/** An entry with what matters to a test and zeros for the rest. */
export function entryOf(path: string | Buffer, fields: Partial<TarEntry> = {}): TarEntry {
  return {
    path: Buffer.from(path as string),
    type: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtimeSec: 0,
    mtimeNsec: 0,
    linkPath: Buffer.alloc(0),
    devMajor: 0,
    devMinor: 0,
    xattrs: [],
    ...fields,
  };
}

export function fileOf(path: string | Buffer, content: string | Buffer, fields: Partial<TarEntry> = {}): Member {
  const bytes = Buffer.from(content as string);
  return { entry: entryOf(path, { size: bytes.length, ...fields }), content: bytes };
}

export function memberOf(path: string | Buffer, fields: Partial<TarEntry> = {}): Member {
  return { entry: entryOf(path, fields), content: Buffer.alloc(0) };
}

export function writeArchive(members: readonly Member[]): Buffer {
  const parts = members.flatMap(({ entry, content }) => [
    encode(entry),
    content,
    Buffer.alloc(padding(content.length)),
  ]);
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

export function encode(entry: TarEntry): Buffer {
  const out = Buffer.alloc(headerSize(entry), 0xaa);
  return out.subarray(0, encodeHeader(entry, out, 0));
}

interface ReadOptions {
  readonly limits?: Partial<ReadLimits>;
  /** Where the archive is cut into chunks; whole if not given. */
  readonly cuts?: readonly number[];
  readonly sparse?: boolean;
}

/** Reads a whole archive; content of files gathered, holes as zeros. Chunks are wiped after `write`, as callers reuse them. */
export function readArchive(archive: Buffer, options: ReadOptions = {}): Member[] {
  const members: { entry: TarEntry; parts: Buffer[] }[] = [];
  let open = 0;
  const handler = {
    entry(entry: TarEntry) {
      if (open++ > 0) throw new Error("entry before the end of the last");
      members.push({ entry, parts: [] });
    },
    data(chunk: Buffer, offset: number, length: number) {
      if (length <= 0 || offset < 0 || offset + length > chunk.length) throw new Error("data outside its chunk");
      members.at(-1)!.parts.push(Buffer.from(chunk.subarray(offset, offset + length)));
    },
    endEntry() {
      open--;
    },
    ...(options.sparse === true && { hole: (length: number) => void members.at(-1)!.parts.push(Buffer.alloc(length)) }),
  };
  const reader = new TarReader(handler, options.limits);
  const cuts = (options.cuts ?? []).filter((cut) => cut < archive.length);
  const ends = [...new Set([...cuts, archive.length])].sort((a, b) => a - b);
  let at = 0;
  for (const end of ends) {
    // In the middle of a larger buffer, so that offsets count.
    const chunk = Buffer.alloc(end - at + 7, 0xee);
    archive.copy(chunk, 3, at, end);
    reader.write(chunk, 3, end - at);
    chunk.fill(0xdd);
    at = end;
  }
  reader.end();
  if (open !== 0) throw new Error("endEntry was not called");
  if (reader.entries !== members.length) throw new Error("entries miscounted");
  return members.map(({ entry, parts }) => ({ entry, content: Buffer.concat(parts) }));
}

/** A plain header block by hand, its checksum right; `edit` works on it before it is summed. */
export function rawHeader(name: string | Buffer, flag: string, size = 0, edit?: (block: Buffer) => void): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(name as string).copy(block, 0, 0, 100);
  block.write("0000644\0", 100, "latin1");
  block.write("0000000\0", 108, "latin1");
  block.write("0000000\0", 116, "latin1");
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  block.write("00000000000\0", 136, "latin1");
  block.write(flag, 156, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  edit?.(block);
  return sum(block);
}

export function sum(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const total = block.reduce((a, b) => a + b, 0);
  block.write(`${total.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** `data` filled to whole blocks. */
export function blocks(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  return Buffer.concat([bytes, Buffer.alloc(padding(bytes.length))]);
}

export function paxRecord(key: string, value: string | Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from("\n")]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

/** An extended header with these records, to stand before an entry. */
export function paxHeader(records: Readonly<Record<string, string | Buffer>>, flag = "x"): Buffer {
  const data = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  return Buffer.concat([rawHeader("PaxHeaders/x", flag, data.length), blocks(data)]);
}

export const END = Buffer.alloc(1024);
