import { aclFromText } from "./acl-text.ts";
import type { Xattr } from "./entry.ts";
import type { ReadLimits } from "./limits.ts";
import { Malformed } from "./malformed.ts";
import { copyBytes } from "./normalise-path.ts";
import { PaxFields } from "./pax-fields.ts";
import { applyPaxRecord } from "./pax-keys.ts";
import { eachPaxRecord } from "./pax-records.ts";

const NO_XATTRS: Xattr[] = [];
Object.freeze(NO_XATTRS);

type Key =
  | "path"
  | "linkPath"
  | "size"
  | "uid"
  | "gid"
  | "mtime"
  | "devMajor"
  | "devMinor"
  | "accessAcl"
  | "defaultAcl";

const LONG_NAME = 0x4c;
const LONG_LINK = 0x4b;
const GLOBAL = 0x67;
/**
 * Names of all attributes, or the text of one ACL, in global headers. They are gone through again for every entry, so that
 * with the limits of a single one a megabyte of archive could cost minutes.
 */
const GLOBAL_XATTR_BYTES = 4096;
/** `X` is Solaris' name for `x`. */
const EXTENSION_FLAGS: readonly number[] = [0x78, 0x58, GLOBAL, LONG_NAME, LONG_LINK];

export function isExtension(flag: number): boolean {
  return EXTENSION_FLAGS.includes(flag);
}

/**
 * What extended headers and GNU long names in front of an entry add to its header. A second header of a kind replaces the
 * first, as in GNU tar and Go. A GNU long name wins over a PAX path (no sane writer has both): so does Go, in which the
 * engines are written.
 */
export class Extensions {
  longName: Buffer | null = null;
  longLink: Buffer | null = null;
  #local: PaxFields | null = null;
  #global: PaxFields | null = null;

  /** Something was said that still waits for its entry. */
  get pending(): boolean {
    return this.#local !== null || this.longName !== null || this.longLink !== null;
  }

  clear(): void {
    this.#local = null;
    this.longName = null;
    this.longLink = null;
  }

  /** The body of an extension header with this type flag lies at `data[start..end]`. */
  take(flag: number, data: Buffer, start: number, end: number, limits: ReadLimits): void {
    if (flag === LONG_NAME) this.longName = text(data, start, end);
    else if (flag === LONG_LINK) this.longLink = text(data, start, end);
    else if (flag === GLOBAL) this.#readGlobal(data, start, end, limits);
    else {
      this.#local = new PaxFields();
      readRecords(this.#local, data, start, end, limits);
    }
  }

  /** Adds to what earlier global headers said. */
  #readGlobal(data: Buffer, start: number, end: number, limits: ReadLimits): void {
    this.#global ??= new PaxFields();
    readRecords(this.#global, data, start, end, {
      ...limits,
      maxXattrListBytes: Math.min(limits.maxXattrListBytes, GLOBAL_XATTR_BYTES),
    });
    const { accessAcl, defaultAcl } = this.#global;
    if (Math.max(accessAcl?.length ?? 0, defaultAcl?.length ?? 0) > GLOBAL_XATTR_BYTES) {
      throw new Malformed(`ACL of more than ${GLOBAL_XATTR_BYTES} bytes in a global extended header`, { limit: true });
    }
    if (this.#global.sparse !== null) throw new Malformed("sparse map in a global extended header");
  }

  /** Null: the plain header's field counts. */
  get<K extends Key>(key: K): NonNullable<PaxFields[K]> | null {
    const local = this.#local?.[key];
    return ((local !== undefined ? local : this.#global?.[key]) ?? null) as NonNullable<PaxFields[K]> | null;
  }

  get sparse(): PaxFields["sparse"] {
    return this.#local?.sparse ?? null;
  }

  /**
   * Raw records first, then ACLs from their text where no raw record says them: GNU tar writes both, and the raw bytes
   * need no translation.
   */
  xattrs(limits: ReadLimits): Xattr[] {
    const accessAcl = this.get("accessAcl");
    const defaultAcl = this.get("defaultAcl");
    const local = this.#local?.xattrs ?? null;
    const global = this.#global?.xattrs ?? null;
    if (local === null && global === null && accessAcl === null && defaultAcl === null) return NO_XATTRS;

    const values = new Map<string, Buffer>();
    for (const record of [...(global?.values() ?? []), ...(local?.values() ?? [])])
      values.set(record.name, record.value);
    for (const [kind, text] of [
      ["access", accessAcl],
      ["default", defaultAcl],
    ] as const) {
      const name = `system.posix_acl_${kind}`;
      const value = text === null || values.has(name) ? null : aclFromText(text.toString("latin1"), kind);
      if (value === null) continue;
      if (value.length > limits.maxXattrBytes) throw new Malformed(`ACL of ${value.length} bytes`, { limit: true });
      values.set(name, value);
    }
    // Strings of latin1 characters compare like the bytes they stand for.
    const names = [...values.keys()].sort((a, b) => (a < b ? -1 : 1));
    return names.map((name) => ({ name: Buffer.from(name, "latin1"), value: values.get(name)! }));
  }
}

function readRecords(fields: PaxFields, data: Buffer, start: number, end: number, limits: ReadLimits): void {
  eachPaxRecord(data, start, end, (d, key, keyEnd, valueEnd) =>
    applyPaxRecord(fields, d, key, keyEnd, valueEnd, limits),
  );
}

/** GNU ends its long names with a NUL. */
function text(data: Buffer, start: number, end: number): Buffer | null {
  let textEnd = start;
  while (textEnd < end && data[textEnd] !== 0) textEnd++;
  return textEnd === start ? null : copyBytes(data, start, textEnd);
}
