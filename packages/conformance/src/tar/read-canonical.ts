const BLOCK = 512;

/** One member of an exported layer, read by a parser that shares nothing with the writer. */
export interface CanonicalMember {
  /** As written (latin1), `./` prefix removed but for the root; a directory keeps its `/`. */
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** As the archive says it: whole seconds, or PAX's decimal. */
  readonly mtime: string;
  readonly size: number;
  readonly link: string;
  readonly device: string;
  readonly paxKeys: readonly string[];
  readonly pax: ReadonlyMap<string, Buffer>;
  readonly data: Buffer;
}

/**
 * Reads an archive in the form of layers.md rule 6 and throws where it is in any other: ustar magic, no user or group names,
 * PAX records of known keys in byte order, right checksums, two zero blocks and nothing else at the end.
 */
export function readCanonical(tar: Buffer): CanonicalMember[] {
  const members: CanonicalMember[] = [];
  let pax = new Map<string, Buffer>();
  let at = 0;
  for (;;) {
    const block = tar.subarray(at, at + BLOCK);
    if (block.length < BLOCK) throw new Error(`the archive ends at byte ${tar.length} without its two zero blocks`);
    if (block.every((byte) => byte === 0)) break;
    checkHeader(block, at);
    const type = block.toString("latin1", 156, 157);
    const size = Number(pax.get("size") ?? octal(block, 124, 12));
    const data = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (data.length < size) throw new Error(`data of the member at byte ${at} is cut off`);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "x") {
      pax = readRecords(data);
      continue;
    }
    members.push(toMember(block, type, size, pax, data));
    pax = new Map();
  }
  const rest = tar.subarray(at);
  if (rest.length < 2 * BLOCK || rest.some((byte) => byte !== 0))
    throw new Error("the archive does not end in zero blocks");
  return members;
}

/** The members' paths in order; a hard link as `path -> first`. */
export function pathsOf(members: readonly CanonicalMember[]): string[] {
  return members.map((m) => (m.type === "1" ? `${m.path} -> ${m.link}` : m.path));
}

function toMember(block: Buffer, type: string, size: number, pax: Map<string, Buffer>, data: Buffer): CanonicalMember {
  const prefix = text(block, 345, 155);
  const name = prefix === "" ? text(block, 0, 100) : `${prefix}/${text(block, 0, 100)}`;
  const path = pax.get("path")?.toString("latin1") ?? name;
  const link = pax.get("linkpath")?.toString("latin1") ?? text(block, 157, 100);
  return {
    path: path === "./" ? path : path.replace(/^\.\//, ""),
    type,
    mode: octal(block, 100, 8),
    uid: Number(pax.get("uid") ?? octal(block, 108, 8)),
    gid: Number(pax.get("gid") ?? octal(block, 116, 8)),
    mtime: pax.get("mtime")?.toString() ?? String(octal(block, 136, 12)),
    size,
    // A hard link's target is a member's path, a symlink's is its own text.
    link: type === "1" ? link.replace(/^\.\//, "") : link,
    device: type === "3" || type === "4" ? `${octal(block, 329, 8)}:${octal(block, 337, 8)}` : "",
    paxKeys: [...pax.keys()],
    pax,
    data,
  };
}

function checkHeader(block: Buffer, at: number): void {
  const fail = (what: string) => {
    throw new Error(`header at byte ${at}: ${what}`);
  };
  if (block.toString("latin1", 257, 265) !== "ustar\x0000") fail("not ustar");
  if (text(block, 265, 32) !== "" || text(block, 297, 32) !== "") fail("names a user or a group");
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i] ?? 0;
  if (octal(block, 148, 8) !== sum) fail("wrong checksum");
}

function readRecords(data: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString("latin1", at, space));
    const equals = data.indexOf(0x3d, space);
    const key = data.toString("latin1", space + 1, equals);
    if (!(length > 0) || data[at + length - 1] !== 0x0a) throw new Error(`bad PAX record at ${at}`);
    if (
      !/^(path|linkpath|size|uid|gid|mtime|SCHILY\.(devmajor|devminor|acl\.access|acl\.default)|SCHILY\.xattr\..+)$/s.test(
        key,
      )
    ) {
      throw new Error(`PAX key ${key} has no place in a layer`);
    }
    const last = [...records.keys()].at(-1);
    if (last !== undefined && last >= key) throw new Error(`PAX key ${key} after ${last}`);
    records.set(key, data.subarray(equals + 1, at + length - 1));
    at += length;
  }
  return records;
}

function text(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString("latin1", at, end < 0 || end > at + length ? at + length : end);
}

function octal(block: Buffer, at: number, length: number): number {
  const digits = text(block, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error(`not octal: ${JSON.stringify(digits)}`);
  return Number.parseInt(digits || "0", 8);
}
