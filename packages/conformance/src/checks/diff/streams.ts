import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Check } from "../../check.ts";
import { archive, directory, hardLink, ROOT } from "../../tar/raw-tar.ts";
import { plantFile, plantLink } from "../../tree/plant.ts";
import type { Trial } from "../../trial/trial.ts";
import { exported, layerOn, sha256Of } from "./layers.ts";

/** DA15 */
export const anyChunking: Check = {
  id: "DA15",
  title: "An archive is the same layer byte by byte, in odd pieces, gzipped or zstd, and with garbage behind its end",
  cites: ["catalogue.md DA15", "layers.md: the diff id is of the archive's bytes"],
  async run(trial: Trial) {
    const store = await trial.store();
    const data = Buffer.alloc(3000, "data ");
    const tar = archive(
      ROOT,
      directory("d"),
      { path: "d/f", data, pax: { mtime: "1.25" } },
      { path: "e" },
      hardLink("g", "d/f"),
    );
    const garbage = Buffer.concat([tar, Buffer.alloc(700, "garbage")]);
    const half = Math.floor(tar.length / 2);
    const members = Buffer.concat([gzipSync(tar.subarray(0, half)), gzipSync(tar.subarray(half))]);
    const sources: [string, Buffer, Iterable<Uint8Array>][] = [
      ["whole", tar, [tar]],
      ["byte by byte", tar, pieces(tar, 1)],
      ["in pieces of 511", tar, pieces(tar, 511)],
      ["with empty pieces", tar, [Buffer.alloc(0), tar, Buffer.alloc(0)]],
      ["gzip", tar, [gzipSync(tar)]],
      ["gzip byte by byte", tar, pieces(gzipSync(tar), 1)],
      ["gzip of two members", tar, [members]],
      ["zstd", tar, pieces(zstdCompressSync(tar), 100)],
      ["garbage behind the end", garbage, [garbage]],
    ];
    let first: Buffer | null = null;
    for (const [what, bytes, source] of sources) {
      const { layer, diffId } = await store.apply(source, { durability: "none", expectDiffId: sha256Of(bytes) });
      trial.equal(
        [diffId, layer.diffId],
        [sha256Of(bytes), sha256Of(bytes)],
        `${what}: diff id of all the bytes, uncompressed`,
      );
      const canonical = await exported(store, layer);
      first ??= canonical;
      trial.ok(canonical.equals(first), `${what}: the same layer`);
    }
    await trial.rejects(
      store.apply([tar], { expectDiffId: sha256Of(garbage) }),
      "CORRUPT",
      "an archive with another digest than expected",
    );
    trial.equal((await store.list()).length, sources.length, "layers in the store");
  },
};

function* pieces(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** DA16 */
export const sizesCountOnce: Check = {
  id: "DA16",
  title: "Sizes count a hard-linked file once and whiteouts not at all",
  restsOn: ["extents", "inodes"],
  cites: ["catalogue.md DA16, WH19: overlay's whiteouts share one inode", "podman#2868: layer sums counted twice"],
  async run(trial: Trial) {
    const store = await trial.store();
    const size = 2 ** 20;
    const base = await layerOn(store, null, (root) => {
      plantFile(root, "a", Buffer.alloc(size, 1));
      plantLink(root, "a", "b");
      plantLink(root, "a", "c");
    });
    const { bytes } = await store.usage(base.id);
    trial.ok(
      bytes >= size && bytes < size + 256 * 1024,
      `usage of one file with three names is about its size, not ${bytes}`,
    );
    const tar = archive(
      ROOT,
      { path: "x", data: Buffer.alloc(5000, 1) },
      hardLink("y", "x"),
      { path: ".wh.a" },
      { path: ".wh.b" },
    );
    const result = await store.apply([tar], { parent: base.id, durability: "none" });
    trial.equal(result.bytes, 5000, "bytes of an applied archive: hard links once, whiteouts none");
  },
};
