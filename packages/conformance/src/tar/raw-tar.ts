const BLOCK = 512;

/** One archive member, written by hand: what our own writer would refuse to write is what a hostile archive holds. */
export interface RawMember {
  /** As it stands in the header: a string is UTF-8. Over 100 bytes it goes into a PAX record. */
  readonly path: string | Buffer;
  /** The type flag: `0` file (default), `1` hard link, `2` symlink, `3` char, `4` block, `5` directory, `6` fifo. */
  readonly type?: string;
  readonly mode?: number;
  /** Default: this process's ids, so that an ordinary user can store the member too. */
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds. */
  readonly mtime?: number;
  readonly link?: string | Buffer;
  readonly data?: string | Buffer;
  /** What the header claims, if not the length of `data`: a number, or the field's raw bytes. */
  readonly size?: number | Buffer;
  readonly device?: readonly [major: number, minor: number];
  readonly xattrs?: Readonly<Record<string, string | Buffer>>;
  /** Further PAX records. */
  readonly pax?: Readonly<Record<string, string | Buffer>>;
}

/** The member's header (a PAX header before it where needed), data and padding. */
export function member(m: RawMember): Buffer {
  const path = bytes(m.path);
  const link = bytes(m.link ?? "");
  const records: Record<string, string | Buffer> = { ...m.pax };
  if (path.length > 100) records.path = path;
  if (link.length > 100) records.linkpath = link;
  for (const [name, value] of Object.entries(m.xattrs ?? {})) records[`SCHILY.xattr.${name}`] = value;
  const extended = Object.keys(records).length === 0 ? Buffer.alloc(0) : pax(records);
  const data = bytes(m.data ?? "");
  return Buffer.concat([extended, header({ ...m, path, link }, data.length), padded(data)]);
}

/** A PAX header alone: `x` for the next member, `g` for all that follow. */
export function pax(records: Readonly<Record<string, string | Buffer>>, type: "x" | "g" = "x"): Buffer {
  const data = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, bytes(value))));
  return Buffer.concat([header({ path: "pax", type, mode: 0o644 }, data.length), padded(data)]);
}

/** The members, and the two zero blocks that end an archive. */
export function archive(...members: (RawMember | Buffer)[]): Buffer {
  const parts = members.map((m) => (Buffer.isBuffer(m) ? m : member(m)));
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** `./`, as most archives begin: so the root's attributes are this process's own. */
export const ROOT: RawMember = { path: "./", type: "5", mode: 0o755 };

export function directory(path: string, more: Partial<RawMember> = {}): RawMember {
  return { path: `${path}/`, type: "5", mode: 0o755, ...more };
}

export function symlink(path: string, link: string): RawMember {
  return { path, type: "2", mode: 0o777, link };
}

export function hardLink(path: string, link: string): RawMember {
  return { path, type: "1", link };
}

/** Recomputes the checksum of the header at `at`, after a test has changed a field. */
export function withChecksum(block: Buffer, at = 0): Buffer {
  block.fill(0x20, at + 148, at + 156);
  let sum = 0;
  for (let i = at; i < at + BLOCK; i++) sum += block[i] ?? 0;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
  return block;
}

function header(m: RawMember, length: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (at: number, width: number, value: number) =>
    block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
  bytes(m.path).copy(block, 0, 0, 100);
  octal(100, 8, m.mode ?? 0o644);
  octal(108, 8, m.uid ?? process.getuid?.() ?? 0);
  octal(116, 8, m.gid ?? process.getgid?.() ?? 0);
  if (Buffer.isBuffer(m.size)) m.size.copy(block, 124, 0, 12);
  else octal(124, 12, m.size ?? length);
  octal(136, 12, m.mtime ?? 1_000_000_000);
  block.write(m.type ?? "0", 156, "latin1");
  bytes(m.link ?? "").copy(block, 157, 0, 100);
  block.write("ustar\0" + "00", 257, "latin1");
  octal(329, 8, m.device?.[0] ?? 0);
  octal(337, 8, m.device?.[1] ?? 0);
  return withChecksum(block);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.byteLength(key) + value.length + 3;
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from("\n")]);
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

function bytes(value: string | Buffer): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value);
}
