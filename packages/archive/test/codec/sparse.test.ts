import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TarEntry, TarReader } from "../../src/codec/index.ts";
import { blocks, END, paxHeader, rawHeader, readArchive } from "./archives.ts";
import { describeWithOracle, run } from "./oracle.ts";

const GAP = 128 * 1024;

/** Pieces of data at these offsets, and a hole at the end; more pieces than a GNU header has room for. */
function makeSparse(path: string, pieces: number, size: number): void {
  const fd = openSync(path, "w");
  for (let i = 0; i < pieces; i++) writeSync(fd, Buffer.alloc(5000, 65 + (i % 26)), 0, 5000, i * GAP + (i % 3) * 4096);
  ftruncateSync(fd, size);
  closeSync(fd);
}

describe("archives of sparse files", () => {
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(`${tmpdir()}/copyup-sparse-`);
    makeSparse(`${dir}/a few`, 3, 4 * GAP);
    makeSparse(`${dir}/many`, 60, 64 * GAP);
    makeSparse(`${dir}/hole`, 0, 8 * GAP);
    makeSparse(`${dir}/${"long ".repeat(40)}name`, 2, 5 * GAP);
    makeSparse(`${dir}/no hole at the end`, 2, GAP + 4096 + 5000);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  function expectSame(program: string, args: readonly string[]): void {
    const archive = run(program, [...args, "-cf", "-", "-C", dir, "."]);
    expect(archive.length).toBeLessThan(10 * GAP);
    const cuts = Array.from({ length: archive.length / 512 }, (_, i) => i * 512 + (i % 512));
    for (const members of [readArchive(archive, { sparse: true }), readArchive(archive, { sparse: true, cuts })]) {
      expect(members).toHaveLength(6);
      for (const { entry, content } of members) {
        if (entry.type === "directory") continue;
        expect(entry.size).toBe(content.length);
        expect(content.equals(readFileSync(`${dir}/${entry.path}`)), `${entry.path}`).toBe(true);
      }
    }
  }

  describeWithOracle("tar", "are read", () => {
    it.each(["0.0", "0.1", "1.0"])("PAX %s", (version) =>
      expectSame("tar", ["-S", "--format=pax", `--sparse-version=${version}`]),
    );
    it("GNU", () => expectSame("tar", ["-S", "--format=gnu"]));
    it("old GNU", () => expectSame("tar", ["-S", "--format=oldgnu"]));
  });
  describeWithOracle("bsdtar", "are read", () => {
    it("PAX 1.0", () => expectSame("bsdtar", ["--format=pax", "--read-sparse"]));
  });
  describeWithOracle("tar", "are refused without a hole handler, the entry named", () => {
    it.each(["pax", "gnu"])("%s", (format) => {
      const archive = run("tar", ["-S", `--format=${format}`, "-cf", "-", "-C", dir, "a few"]);
      expect(() => readArchive(archive)).toThrow(/"a few": sparse files are not supported yet/);
    });
  });
});

it("tells holes and data in order, and counts holes as content", () => {
  const calls: string[] = [];
  const handler = {
    entry: (entry: TarEntry) => void calls.push(`${entry.path} ${entry.size}`),
    data: (_: Buffer, __: number, length: number) => void calls.push(`data ${length}`),
    hole: (length: number) => void calls.push(`hole ${length}`),
    endEntry: () => void calls.push("end"),
  };
  const archive = Buffer.concat([
    paxHeader({ "GNU.sparse.size": "3000", "GNU.sparse.map": "100,4,104,0,200,2,3000,0", "GNU.sparse.name": "real" }),
    rawHeader("GNUSparseFile.1/x", "0", 6),
    blocks("abcdef"),
    rawHeader("next", "0"),
    END,
  ]);
  const reader = new TarReader(handler);
  reader.write(archive);
  reader.end();
  expect(calls).toEqual(["real 3000", "hole 100", "data 4", "hole 96", "data 2", "hole 2798", "end", "next 0", "end"]);
  expect(() => new TarReader(handler, { maxContentBytes: 2999 }).write(archive)).toThrow(
    /more than 2999 bytes of content/,
  );
});

describe("maps that lie", () => {
  const pax = (records: Record<string, string>, data = "", size = data.length) => [
    paxHeader(records),
    rawHeader("f", "0", size),
    blocks(data),
  ];
  const v1 = (map: string, real = "1000", size = 512) =>
    pax({ "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": real }, map, size);
  const v0 = (map: string, real = "1000", size = 4) =>
    pax({ "GNU.sparse.size": real, "GNU.sparse.map": map }, "abcd", size);

  it.each([
    ["overlap", v0("0,3,2,1"), /overlap/],
    ["go backwards", v0("10,2,0,2"), /overlap or are out of order/],
    ["go beyond the file", v0("998,4"), /beyond the end/],
    ["have no length", v0("1,2,3"), /offset and no length/],
    ["are no numbers", v0("1,x"), /sparse map is not a decimal/],
    ["hold less than is stored", v0("0,3"), /map of 3 bytes for 4 stored/],
    ["hold more than is stored", v0("0,5"), /map of 5 bytes for 4 stored/],
    ["have no size", pax({ "GNU.sparse.map": "0,0" }), /without the file's size/],
    [
      "are of an unknown version",
      pax({ "GNU.sparse.major": "2", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "0" }),
      /format 2.0 is not known/,
    ],
    ["begin with rubbish", v1("x\n"), /not a list of decimal/],
    ["have an empty line", v1("1\n\n"), /empty line/],
    ["are longer than their entry", v1("1\n", "1000", 0), /longer than the entry/],
    ["never end", v1(`1\n${"9".repeat(511)}`, "1000", 513), /huge number|longer than the entry|truncated/],
    [
      "belong to a directory",
      [paxHeader({ "GNU.sparse.size": "0" }), rawHeader("f", "5")],
      /sparse map for a directory/,
    ],
    ["are star's", [paxHeader({ "SCHILY.realsize": "5" }), rawHeader("f", "0")], /star's own format/],
    ["are global", [paxHeader({ "GNU.sparse.size": "5" }, "g")], /global extended header/],
  ])("%s", (_, parts, message) =>
    expect(() => readArchive(Buffer.concat([...parts, END]), { sparse: true })).toThrow(message),
  );

  it("are bounded", () => {
    const read = (parts: Buffer[]) =>
      readArchive(Buffer.concat([...parts, END]), { sparse: true, limits: { maxSparseSegments: 3 } });
    expect(() => read(v1("4\n"))).toThrow(/map of 4 pieces, the limit is 3/);
    const gnu = rawHeader("f", "S", 0, (block) => {
      for (let i = 0; i < 8; i++) block.write("00000000000\0", 386 + i * 12, "latin1");
      block.write("00000000000\0", 483, "latin1");
    });
    expect(() => read([gnu])).toThrow(/map of more than 3 pieces/);
  });
});
