import fc from "fast-check";
import type { EntryType, TarEntry, Xattr } from "../../src/codec/index.ts";
import type { Member } from "./archives.ts";

/** Any byte a name can have, mostly letters; many are not UTF-8. */
const nameByte = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0x61, 0x62, 0x7a) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 255 }) },
);

function bytes(element: fc.Arbitrary<number>, constraints: fc.ArrayConstraints): fc.Arbitrary<Buffer> {
  return fc.array(element, constraints).map((values) => Buffer.from(values));
}

const name = fc
  .oneof(
    { weight: 6, arbitrary: bytes(nameByte, { minLength: 1, maxLength: 12 }) },
    { weight: 2, arbitrary: bytes(nameByte, { minLength: 95, maxLength: 105, size: "max" }) },
    { weight: 1, arbitrary: bytes(nameByte, { minLength: 200, maxLength: 255, size: "max" }) },
  )
  .map((raw) => Buffer.from(raw.map((byte) => (byte === 0x2f ? 0x2d : byte))))
  .filter((raw) => raw.toString("latin1") !== ".");

const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => join(names));

function join(names: readonly Buffer[]): Buffer {
  return Buffer.concat(names.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from("/"), part])));
}

const xattrName = fc
  .tuple(
    fc.constantFrom("user.", "trusted.", "security."),
    fc.oneof(
      bytes(nameByte, { minLength: 1, maxLength: 20 }),
      fc.constantFrom("a=b", "%3D", "100%25=", "=").map(Buffer.from),
    ),
  )
  .map(([namespace, rest]) => Buffer.concat([Buffer.from(namespace), rest]));

const xattrs: fc.Arbitrary<Xattr[]> = fc
  .uniqueArray(fc.record({ name: xattrName, value: bytes(fc.nat(255), { maxLength: 40 }) }), {
    maxLength: 4,
    selector: (xattr) => xattr.name.toString("latin1"),
  })
  .map((list) => list.sort((a, b) => Buffer.compare(a.name, b.name)));

const id = fc.oneof(fc.nat(70_000), fc.constantFrom(2_097_151, 2_097_152, 4_000_000_000, 4_294_967_294));
const seconds = fc.oneof(
  fc.nat(2 ** 31 - 1),
  fc.constantFrom(0, -1, 8_589_934_591, 8_589_934_592),
  fc.integer({ min: -(2 ** 40), max: -1 }),
);
const nanoseconds = fc.oneof(fc.constant(0), fc.nat(999_999_999));

/** Entries that a filesystem can have, and content for the files. */
export const member: fc.Arbitrary<Member> = fc
  .record({
    type: fc.constantFrom<EntryType>("file", "file", "hardlink", "symlink", "char", "block", "directory", "fifo"),
    path,
    mode: fc.nat(0o7777),
    uid: id,
    gid: id,
    mtimeSec: seconds,
    mtimeNsec: nanoseconds,
    linkPath: path,
    devMajor: fc.nat(4095),
    devMinor: fc.nat(1_048_575),
    xattrs: fc.oneof({ weight: 3, arbitrary: fc.constant<Xattr[]>([]) }, xattrs),
    content: bytes(fc.nat(255), { maxLength: 1200, size: "+1" }),
  })
  .map(({ content, ...fields }) => ({
    entry: consistent(fields, content),
    content: fields.type === "file" ? content : Buffer.alloc(0),
  }));

function consistent(fields: Omit<TarEntry, "size">, content: Buffer): TarEntry {
  const { type } = fields;
  const device = type === "char" || type === "block";
  return {
    ...fields,
    size: type === "file" ? content.length : 0,
    mode: type === "symlink" ? 0o777 : fields.mode,
    linkPath: type === "symlink" || type === "hardlink" ? fields.linkPath : Buffer.alloc(0),
    devMajor: device ? fields.devMajor : 0,
    devMinor: device ? fields.devMinor : 0,
  };
}
