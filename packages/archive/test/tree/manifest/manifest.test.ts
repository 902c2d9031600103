import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkManifest, type ViewParts, writeManifest } from "../../../src/tree/index.ts";
import { ManifestFile } from "../../../src/tree/manifest/manifest-file.ts";
import { parseLine } from "../../../src/tree/manifest/manifest-line.ts";
import { scratch } from "../support/scratch.ts";

type Scratch = ReturnType<typeof scratch>;

const parts = (dir: string): ViewParts => [{ dir, dialect: "tree" }];

async function problems(tmp: Scratch): Promise<string[]> {
  const found: string[] = [];
  for await (const { kind, path } of checkManifest(tmp.at("manifest"), parts(tmp.at("b"))))
    found.push(`${kind} ${path}`);
  return found;
}

/** A manifest of what `b` changes in `a`. */
async function layer(tmp: Scratch): Promise<void> {
  tmp.sh(`mkdir -p a/d; echo same > a/same; echo old > a/old; touch a/gone; cp -a a b; cd b; rm gone; echo new > old; mkdir n
    echo f > n/f; ln n/f n/g; ln -s target n/l; mkfifo n/p; echo x > $'n/new\\nline'; touch $'n/bad\\377'; : > n/empty`);
  const totals = await writeManifest({ above: parts(tmp.at("b")), below: parts(tmp.at("a")) }, tmp.at("manifest"));
  expect(totals).toEqual({ files: 6, bytes: 4 + 2 + 2 + 2 });
}

test("a whole layer has no problems; its manifest is one line a change", async () => {
  await using tmp = scratch();
  await layer(tmp);
  expect(await problems(tmp)).toEqual([]);
  const lines = readFileSync(tmp.at("manifest"), "latin1").split("\n");
  expect(lines.map((line) => line.replace(/ [0-9a-f]{8} /, " "))).toEqual([
    "copyup-manifest 1",
    "directory 0 ",
    "gone 0 gone",
    "directory 0 n",
    "file 0 n/bad\xff",
    "file 0 n/empty",
    "file 2 n/f",
    "file 2 n/g",
    "symlink 6 n/l",
    "file 2 n/new\\x0aline",
    "fifo 0 n/p",
    "file 4 old",
    "end 11",
    "",
  ]);
});

test("each damage is named", async () => {
  await using tmp = scratch();
  await layer(tmp);
  tmp.sh(
    "cd b; touch gone; rm n/f; printf 'y\\n' > $'n/new\\nline'; echo longer > old; rm n/p; mkdir n/p; ln -sf other6 n/l; echo z > same",
  );
  expect(await problems(tmp)).toEqual([
    "type gone",
    "missing n/f",
    "content n/l",
    "content n/new\\x0aline",
    "type n/p",
    "size old",
  ]);
});

test("a manifest that is cut off, or none, is CORRUPT", async () => {
  await using tmp = scratch();
  await layer(tmp);
  const whole = readFileSync(tmp.at("manifest"));
  for (const bad of [
    whole.subarray(0, -8),
    whole.subarray(0, 60),
    "",
    "copyup-manifest 2\nend 0\n",
    "copyup-manifest 1\nwhat\n",
  ]) {
    writeFileSync(tmp.at("manifest"), bad);
    await expect(problems(tmp)).rejects.toMatchObject({ code: "CORRUPT", path: tmp.at("manifest") });
  }
});

test("lines hold any path, size and sum", async () => {
  await using tmp = scratch();
  const anyPath = fc.uint8Array({ maxLength: 60 });
  const size = fc.oneof(fc.nat(), fc.maxSafeNat());
  fc.assert(
    fc.property(anyPath, anyPath, size, fc.maxSafeNat(), (directory, name, size, sum) => {
      const crc = sum % 2 ** 32;
      const manifest = new ManifestFile(tmp.at("manifest"));
      manifest.line("file", size, crc, Buffer.from(directory), Buffer.from(name), 0, name.length);
      manifest.end();
      manifest.close();
      const [, line, ...rest] = readFileSync(tmp.at("manifest"), "latin1").split("\n");
      expect(rest).toEqual(["end 1", ""]);
      const path = Buffer.from([...directory, ...name]).toString("latin1");
      expect(parseLine(line!)).toEqual({ type: "file", size, crc, path });
    }),
  );
});

test("a manifest is larger than what is written at once, with paths of any length", async () => {
  await using tmp = scratch();
  tmp.sh("mkdir a");
  const manifest = new ManifestFile(tmp.at("manifest"));
  const paths = Array.from({ length: 3000 }, (_, i) => `${i}${"\n".repeat(i % 7 === 0 ? 50_000 / (i + 1) : i % 90)}`);
  for (const path of paths) {
    const bytes = Buffer.from(path);
    manifest.line("gone", 0, 0, Buffer.from("in/"), bytes, 0, bytes.length);
  }
  manifest.end();
  manifest.close();
  const lines = readFileSync(tmp.at("manifest"), "latin1").split("\n").slice(1, -2);
  expect(lines.map((line) => parseLine(line)!.path)).toEqual(paths.map((path) => `in/${path}`));
});
