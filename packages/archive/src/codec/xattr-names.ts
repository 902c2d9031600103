import { Malformed } from "./malformed.ts";

/** A tar record's key ends at the first `=`, so a name with one in it must be escaped. Names here are latin1: one character, one byte. */

/**
 * The name after `SCHILY.xattr.`. GNU tar escapes `=` as `%3D` and `%` as `%25` (xheader.c, xattr_encode_keyword) and takes
 * back just these two; star and Go neither write nor read escapes.
 */
export function decodeSchilyName(name: string): string {
  return name.includes("%") ? name.replace(/%(?:3D|25)/g, (escaped) => (escaped === "%25" ? "%" : "=")) : name;
}

/**
 * The inverse, with as few escapes as can be undone: a `%` only where it would be taken for an escape. So readers that
 * know no escapes see every other name as it is.
 */
export function encodeSchilyName(name: string): string {
  return /[%=]/.test(name) ? name.replace(/%(?=3D|25)/g, "%25").replace(/=/g, "%3D") : name;
}

/** The name after `LIBARCHIVE.xattr.`: any byte may be `%XX`. */
export function decodeLibarchiveName(name: string): string {
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** libarchive leaves the `=` at the end away. */
export function decodeLibarchiveValue(text: string): Buffer {
  const digits = text.replace(/={1,2}$/, "");
  if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) throw new Malformed("xattr value is not base64");
  return Buffer.from(digits, "base64");
}
