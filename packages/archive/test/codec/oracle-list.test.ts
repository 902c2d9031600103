import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import { END_OF_ARCHIVE, padding, type TarEntry, TarReader } from "../../src/codec/index.ts";
import { encode, entryOf } from "./archives.ts";
import { describeWithOracle, run } from "./oracle.ts";

const HUGE = 9 * 1024 ** 3 + 5;
let dir = "";
beforeAll(() => {
  dir = mkdtempSync(`${tmpdir()}/copyup-list-`);
  truncated(`${dir}/huge`, HUGE);
  // Nine gigabytes of content that are a hole in the archive's own file.
  const header = encode(entryOf("huge", { size: HUGE, uid: 4_000_000_000, gid: 4_000_000_001 }));
  const next = encode(entryOf("next", { mtimeSec: 1 }));
  const fd = openSync(`${dir}/archive.tar`, "w");
  writeSync(fd, header);
  writeSync(fd, Buffer.concat([next, END_OF_ARCHIVE]), 0, next.length + 1024, header.length + HUGE + padding(HUGE));
  closeSync(fd);
});
afterAll(() => rmSync(dir, { recursive: true }));

function truncated(path: string, size: number): void {
  const fd = openSync(path, "w");
  ftruncateSync(fd, size);
  closeSync(fd);
}

function firstEntry(archive: Buffer): TarEntry {
  const entries: TarEntry[] = [];
  new TarReader({ entry: (entry) => void entries.push(entry), data() {} }).write(archive);
  return entries[0]!;
}

describeWithOracle("tar", "a file beyond 8 GiB", () => {
  it("of ours is listed", () => {
    const lines = run("tar", ["--numeric-owner", "-tvf", `${dir}/archive.tar`])
      .toString()
      .trim()
      .split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(new RegExp(`4000000000/4000000001\\s+${HUGE} .* huge$`));
    expect(lines[1]).toMatch(/ next$/);
  });
  it.each(["pax", "gnu", "oldgnu"])("in the %s format is read", (format) => {
    const head = run("sh", ["-c", `tar --format=${format} -cf - -C "$1" huge | head -c 4096`, "sh", dir]);
    expect(firstEntry(head)).toMatchObject({ path: Buffer.from("huge"), size: HUGE });
  });
});

describeWithOracle("bsdtar", "a file beyond 8 GiB", () => {
  it("of ours is listed", () => {
    const lines = run("bsdtar", ["--numeric-owner", "-tvf", `${dir}/archive.tar`])
      .toString()
      .trim()
      .split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(new RegExp(`4000000000\\s+4000000001\\s+${HUGE} .* huge$`));
  });
  it.each(["pax", "gnutar"])("in the %s format is read", (format) => {
    const head = run("sh", [
      "-c",
      `bsdtar --no-read-sparse --format=${format} -cf - -C "$1" huge | head -c 4096`,
      "sh",
      dir,
    ]);
    expect(firstEntry(head)).toMatchObject({ path: Buffer.from("huge"), size: HUGE });
  });
});
