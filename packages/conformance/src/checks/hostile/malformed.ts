import { gzipSync } from "node:zlib";
import type { Check } from "../../check.ts";
import { archive, member, ROOT, symlink, withChecksum } from "../../tar/raw-tar.ts";
import type { Trial } from "../../trial/trial.ts";
import { hostileGround } from "./ground.ts";

const cites = ["catalogue.md 6 MT", "rules.md rule 6", "POSIX pax, ustar interchange format"];
const limit = ["LIMIT_EXCEEDED"] as const;
const broken = ["BAD_ARCHIVE", "LIMIT_EXCEEDED"] as const;

/** MT13 */
export const malformedArchives: Check = {
  id: "MT13",
  title: "Truncated, overflowing and bomb-like archives are refused in bounded memory",
  cites: [...cites, "CVE-2022-2879: Go's reader and unbounded PAX headers"],
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    const sound = archive(ROOT, { path: "f", data: "x".repeat(2000), pax: { mtime: "1.5" } });
    const cuts: [string, number][] = [
      ["header", 700],
      ["PAX data", 1100],
      ["data", 3000],
    ];
    for (const [what, at] of cuts) await ground.refuses(`cut in the ${what}`, sound.subarray(0, at));
    await ground.refuses("gzip cut in half", gzipSync(sound).subarray(0, 60));
    await ground.refuses("gzip with a wrong checksum", flipped(gzipSync(sound), -6));
    await ground.refuses("wrong header checksum", flipped(sound, 512 + 20));
    await ground.refuses("not a tar at all", Buffer.alloc(4096, "no tar "));
    const sized = (size: Buffer | number) => archive(ROOT, member({ path: "f", size, data: "x" }));
    await ground.refuses("negative size", sized(Buffer.from("ffffffffffffffffffffffff", "hex")), { codes: broken });
    await ground.refuses("size of 2^63", sized(Buffer.from("800000008000000000000000", "hex")), { codes: broken });
    await ground.refuses("size that is no number", sized(Buffer.from("12x45678901\0")), { entry: "f" });
    await ground.refuses("PAX size that is no number", archive(ROOT, { path: "f", pax: { size: "-1" } }));
    await ground.refuses(
      "PAX record longer than the header",
      archive(ROOT, member({ path: "h", type: "x", data: "99 path=x\n" }), { path: "f" }),
    );
    const overlap = { "GNU.sparse.map": "0,512,0,512", "GNU.sparse.size": "1024", "GNU.sparse.numblocks": "2" };
    await ground.refuses(
      "a sparse map that overlaps",
      archive(ROOT, { path: "f", data: "x".repeat(1024), pax: overlap }),
    );

    const before = process.memoryUsage().rss;
    const header = member({ path: "h", type: "x", size: 2 ** 30, data: "x" });
    await ground.refuses("a PAX header of 1 GiB", archive(ROOT, header), { codes: limit });
    const bomb = gzipSync(Buffer.concat([member({ path: "h", type: "x", size: 2 ** 28 }), Buffer.alloc(2 ** 24, "9")]));
    await ground.refuses("a gzip bomb in a PAX header", bomb, { codes: limit });
    const deep = archive(ROOT, { path: "d/".repeat(500_000), type: "5" });
    await ground.refuses("half a million directories deep", deep, { codes: limit });
    await ground.refuses("a sparse map with no end", sparseBomb(), { codes: broken });
    const grown = process.memoryUsage().rss - before;
    trial.ok(grown < 256 * 2 ** 20, `memory grew by ${grown >> 20} MiB`);
  },
};

/** MT14 */
export const impossibleNames: Check = {
  id: "MT14",
  title: "A name that no filesystem can hold is refused by name; one that looks odd is kept byte by byte",
  restsOn: ["names"],
  cites,
  async run(trial: Trial) {
    const ground = await hostileGround(trial);
    await ground.refuses("a NUL in a PAX path", archive(ROOT, { path: "x", pax: { path: "a\0b" } }), { codes: broken });
    await ground.refuses(
      "a NUL in a PAX linkpath",
      archive(ROOT, { ...symlink("x", "y"), pax: { linkpath: "a\0b" } }),
      { entry: "x", codes: broken },
    );
    await ground.refuses("a name of 256 bytes", archive(ROOT, { path: "n".repeat(256) }), {
      entry: "nnnn",
      codes: broken,
    });
    const long = "0123456789/".repeat(380);
    await ground.refuses("a path of 4180 bytes", archive(ROOT, { path: `${long}f` }), {
      entry: "0123456789",
      codes: broken,
    });
    await ground.refuses("a symlink of 4096 bytes", archive(ROOT, symlink("s", "x".repeat(4096))), {
      entry: "s",
      codes: broken,
    });
    await ground.refuses("a symlink to nothing", archive(ROOT, symlink("s", "")), { entry: "s" });
    const odd = ["back\\slash", "new\nline", "\x01", "...", "..x", "x..", " ", "-rf", "*?[", "n%s", "a:b,c=d"];
    const bytes = Buffer.from([0x78, 0xff, 0xfe, 0x80]);
    const view = await ground.accepts(
      "odd names",
      archive(ROOT, ...odd.map((path) => ({ path, data: path })), { path: bytes }),
      null,
    );
    trial.equal([...view.keys()].sort(), ["", bytes.toString("latin1"), ...odd].sort(), "the names in the view");
  },
};

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0x55;
  return copy;
}

/** Old GNU sparse: a header that says "more follows", and blocks of pieces that all say so too. */
function sparseBomb(): Buffer {
  const head = Buffer.from(member({ path: "s", type: "S", size: 0 }));
  head.write("ustar  \0", 257, "latin1");
  head.write("77777777777\0", 483, "latin1");
  head[482] = 1;
  withChecksum(head);
  const more = Buffer.alloc(512);
  for (let i = 0; i < 21; i++)
    more.write(`${(i * 8).toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`, i * 24, "latin1");
  more[504] = 1;
  // All the pieces are said again and again, and go backwards.
  return Buffer.concat([member(ROOT), head, ...Array.from({ length: 100_000 }, () => more)]);
}
