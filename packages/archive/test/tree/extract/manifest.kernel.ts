import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type Dialect, isStorageError } from "@copyup/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkManifest, extractLayer, type ViewPart, writeManifest } from "../../../src/index.ts";
import { writeArchive } from "../../codec/archives.ts";
import { inOrder, paxTree } from "../../codec/difficult-tree.ts";
import { describeWithOracle, run } from "../../codec/oracle.ts";
import { anyChain } from "./any-chain.ts";
import { dir, file, hardlink, mark, root, symlink } from "./entries.ts";
import { DIALECTS } from "./one-view.ts";
import { scratchOnExt4 } from "./scratch.ts";
import { type TestEntry, tarOf } from "./tar-of.ts";

const scratch = scratchOnExt4();
const EVERYTHING = writeArchive(inOrder(paxTree({ negativeFraction: true })));

interface Applied {
  /** Nearest first. */
  readonly parts: ViewPart[];
  /** Of the last archive. */
  readonly manifest: string;
  readonly whole: boolean;
}

/** Applies the archives one on another, each with its manifest. */
async function applied(dialect: Dialect, archives: readonly (readonly TestEntry[] | Buffer)[]): Promise<Applied> {
  const at = mkdtempSync(`${scratch.path}/${dialect}-`);
  let result: Applied = { parts: [], manifest: "", whole: false };
  for (const [index, archive] of archives.entries()) {
    const part = { dir: `${at}/${index}`, dialect };
    const manifest = `${at}/${index}.manifest`;
    mkdirSync(part.dir);
    const source = [Buffer.isBuffer(archive) ? archive : tarOf(archive)];
    const extracted = await extractLayer(source, { ...part, below: result.parts }, { manifest });
    result = { parts: [part, ...result.parts], manifest, whole: extracted.manifest };
  }
  return result;
}

async function problems({ manifest, parts }: Applied): Promise<string[]> {
  const found: string[] = [];
  for await (const { kind, path } of checkManifest(manifest, parts)) found.push(`${kind} ${path}`);
  return found;
}

function linesOf(manifest: string): string[] {
  return readFileSync(manifest, "latin1").split("\n").slice(1, -2).sort();
}

/** What reading the layer gives. */
async function readBack({ parts }: Applied): Promise<string[]> {
  const [top, ...lower] = parts as [ViewPart, ...ViewPart[]];
  const below = lower.length === 0 ? null : lower;
  const file = `${scratch.path}/read-back`;
  await writeManifest({ above: top.dialect === "tree" ? [top] : parts, below }, file);
  return linesOf(file);
}

test.each(DIALECTS)("of a base with all that an archive can hold: as if it were read (%s)", async (dialect) => {
  const layer = await applied(dialect, [EVERYTHING]);
  expect(layer.whole).toBe(true);
  expect(await problems(layer)).toEqual([]);
  const lines = linesOf(layer.manifest);
  expect(lines.length).toBeGreaterThan(60);
  expect(lines).toEqual(await readBack(layer));
});

describeWithOracle("tar", "sparse files", () => {
  test("have the sums of what they show", async () => {
    const tree = scratch.directory("sparse");
    writeFileSync(`${tree}/holes`, "end", { flag: "w" });
    run("truncate", ["-s", "3M", `${tree}/holes`]);
    writeFileSync(`${tree}/holes`, "middle", { flag: "a" });
    run("truncate", ["-s", "7M", `${tree}/holes`]);
    run("truncate", ["-s", "2M", `${tree}/only-hole`]);
    const archive = run("tar", ["--sparse", "--format=posix", "-C", tree, "-c", "."]);
    const layer = await applied("tree", [archive]);
    expect(layer.whole).toBe(true);
    expect(await problems(layer)).toEqual([]);
    expect(linesOf(layer.manifest)).toEqual(await readBack(layer));
  });
});

const BASE = [root, dir("d"), file("d/a"), file("d/b"), dir("d/e"), file("d/e/f"), file("x"), symlink("lib", "usr")];

test.each(DIALECTS)("of a layer with deletions, links and implied parents (%s)", async (dialect) => {
  const upper = [
    mark("d/.wh.a"),
    mark("d/.wh.nobody"),
    mark(".wh.x"),
    file("x", "new"),
    file("n/m/f"),
    hardlink("d/g", "n/m/f"),
    symlink("n/s", "m"),
    file("n/s/through", "a symlink of the same archive"),
    hardlink("n/t", "n/s"),
    file("lib/g", "in the place of a symlink below"),
    { path: "p", type: "fifo" as const },
    { path: "c", type: "char" as const, dev: [1, 3] as const },
    hardlink("c2", "c"),
  ];
  const layer = await applied(dialect, [BASE, upper]);
  expect(layer.whole).toBe(true);
  expect(await problems(layer)).toEqual([]);
  const lines = linesOf(layer.manifest);
  expect(lines).toEqual(expect.arrayContaining(await readBack(layer)));
  expect(lines.filter((line) => line.startsWith("gone "))).toEqual(["gone 0 00000000 d/a"]);
  expect(lines.map((line) => line.split(" ")[3])).toContain("n/m/through");
});

const GIVEN_UP: Record<string, readonly TestEntry[]> = {
  "a file twice": [file("f", "old"), file("f", "new")],
  "a directory in a file's place": [file("f"), dir("f")],
  "a file in a directory's place": [file("n/f"), file("n")],
  "a link in a file's place": [file("f"), file("g"), hardlink("f", "g")],
  "an opaque directory": [dir("d"), mark("d/.wh..wh..opq")],
  "an opaque root": [mark(".wh..wh..opq")],
  "a directory both deleted and made": [mark(".wh.d"), dir("d")],
  "a hard link to a file below": [hardlink("d/g", "d/a")],
};

test.each(Object.entries(GIVEN_UP))("is given up for %s", async (_, upper) => {
  for (const dialect of DIALECTS) expect((await applied(dialect, [BASE, upper])).whole, dialect).toBe(false);
});

test("is not given up for an opaque directory with nothing below it, nor for a directory said twice", async () => {
  const upper = [dir("new"), mark("new/.wh..wh..opq"), dir("d"), dir("d", { mode: 0o700 })];
  const layer = await applied("overlay-trusted", [BASE, upper]);
  expect(layer.whole).toBe(true);
  expect(await problems(layer)).toEqual([]);
});

test("finds a byte that changed, in every file", async () => {
  const archive = [file("small", "x"), file("d/large", Buffer.alloc(700_001, 7).toString("latin1")), file("empty", "")];
  const layer = await applied("tree", [[...archive, hardlink("linked", "small")]]);
  const top = layer.parts[0]!.dir;
  for (const [name, found] of [
    ["small", ["content small", "content linked"]],
    ["d/large", ["content d/large"]],
  ] as const) {
    const before = readFileSync(`${top}/${name}`);
    const { atime, mtime } = statSync(`${top}/${name}`);
    const flipped = Buffer.from(before);
    flipped[flipped.length - 1]! ^= 1;
    writeFileSync(`${top}/${name}`, flipped);
    utimesSync(`${top}/${name}`, atime, mtime);
    expect(await problems(layer)).toEqual(found);
    writeFileSync(`${top}/${name}`, before);
  }
  rmSync(`${top}/empty`);
  expect(await problems(layer)).toEqual(["missing empty"]);
});

test("what any chain of archives says of itself is so", { timeout: 600_000 }, async () => {
  let whole = 0;
  await fc.assert(
    fc.asyncProperty(anyChain, async (archives) => {
      for (const dialect of DIALECTS) {
        const layer = await applied(dialect, archives).catch((error) => {
          if (!isStorageError(error)) throw error;
          return null;
        });
        if (!layer?.whole) continue;
        whole++;
        expect(await problems(layer), dialect).toEqual([]);
        expect(linesOf(layer.manifest), dialect).toEqual(expect.arrayContaining(await readBack(layer)));
      }
      for (const left of readdirSync(scratch.path)) rmSync(`${scratch.path}/${left}`, { recursive: true });
    }),
    { numRuns: Number(process.env.COPYUP_RUNS ?? 150) },
  );
  expect(whole, "most must not be given up").toBeGreaterThan(100);
});
