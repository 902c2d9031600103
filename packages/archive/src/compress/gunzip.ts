import { isalInflate } from "@copyup/linux";
import { badStream } from "./bad-stream.ts";
import type { ByteSource } from "./byte-source.ts";
import { type GzipCodec, gzipCodec } from "./gzip-codec.ts";
import { takeGzipHeader } from "./gzip-header.ts";
import { type Inflate, SMALL_MEMBER } from "./inflate.ts";
import { IsalDeflateStreams } from "./inflate-isal.ts";
import { ZlibInflate } from "./inflate-zlib.ts";

/**
 * All members, one after another. What follows a complete member and is no member, zeros or anything else, is ignored, as
 * gzip(1) does. Sums and lengths are checked.
 *
 * Not node:zlib's Gunzip, which walks members itself: bytes after the last one make it fail, and the output of its last
 * call, up to a whole file, is lost with them; zeros end it even if another member follows (Node 24.21).
 */
export async function* gunzip(source: ByteSource, codec: GzipCodec = gzipCodec().codec): AsyncGenerator<Buffer> {
  const inflate = inflateBy(codec, source);
  let small = false;
  while (await takeGzipHeader(source)) {
    let length = 0;
    for await (const bytes of inflate.member(small)) {
      length += bytes.length;
      yield bytes;
    }
    const trailer = await source.take(8, "a gzip trailer");
    if (trailer.readUInt32LE(0) !== inflate.sum) throw badStream("the gzip checksum is wrong");
    if (trailer.readUInt32LE(4) !== length % 2 ** 32) throw badStream("the gzip length is wrong");
    small = length < SMALL_MEMBER;
  }
  await source.drain();
}

function inflateBy(codec: GzipCodec, source: ByteSource): Inflate {
  const isal = codec === "isa-l" ? isalInflate() : null;
  return isal === null ? new ZlibInflate(source) : new IsalDeflateStreams(source, isal);
}
