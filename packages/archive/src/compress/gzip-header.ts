import { badStream } from "./bad-stream.ts";
import type { ByteSource } from "./byte-source.ts";

/** RFC 1952, section 2.3. */
const DEFLATE = 8;
const HEADER_CRC = 0x02;
const EXTRA = 0x04;
const NAME = 0x08;
const COMMENT = 0x10;
const RESERVED = 0xe0;

const WHAT = "a gzip header";

/** Takes a member's header off the source; false if what comes next is no gzip member, and then takes nothing. */
export async function takeGzipHeader(source: ByteSource): Promise<boolean> {
  const magic = await source.peek(2);
  if (magic.length < 2 || magic[0] !== 0x1f || magic[1] !== 0x8b) return false;
  const header = await source.take(10, WHAT);
  const flags = header[3]!;
  if (header[2] !== DEFLATE || (flags & RESERVED) !== 0) throw badStream("gzip header with an unknown method or flag");
  if (flags & EXTRA) await skip(source, (await source.take(2, WHAT)).readUInt16LE(0));
  if (flags & NAME) await skipText(source);
  if (flags & COMMENT) await skipText(source);
  // Of the header alone; the trailer's sum covers what matters, and gzip(1) does not look at it either.
  if (flags & HEADER_CRC) await source.take(2, WHAT);
  return true;
}

async function skip(source: ByteSource, count: number): Promise<void> {
  if (count > 0) await source.take(count, WHAT);
}

/** Up to and with its NUL, of any length. */
async function skipText(source: ByteSource): Promise<void> {
  for (;;) {
    const bytes = await source.next();
    if (bytes === null) throw badStream(`the archive is truncated in ${WHAT}`);
    const end = bytes.indexOf(0);
    if (end === -1) continue;
    if (end + 1 < bytes.length) source.unread(bytes.subarray(end + 1));
    return;
  }
}
