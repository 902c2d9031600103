import { StorageError } from "@copyup/core";
import { ByteSource } from "../../compress/byte-source.ts";
import { openPlain, type PlainStream, type Source } from "../../compress/index.ts";
import type { Losses } from "../contract.ts";
import { runPaced } from "../pace.ts";
import type { Extracted, ExtractOptions, ExtractTarget } from "./extract-contract.ts";
import { Extraction } from "./extraction.ts";
import { extractionError } from "./failures.ts";
import { finishLayer } from "./finish-layer.ts";
import { SliceSize } from "./slice-size.ts";
import { throttled } from "./throttle-reports.ts";

/**
 * Extracts a layer archive (plain, gzip or zstd) straight into a driver's directory, in the driver's dialect. One archive on
 * one view below gives one view, whatever the dialect; layers.md ("Reading other people's archives") has the rules. In the dialect `tree` what the archive neither replaces nor deletes is copied from `below`.
 *
 * Archives are taken to be hostile: every path is resolved inside `dir`, and nothing outside is ever read, written or linked.
 * Overlay's private xattrs and the labels of security modules are left out.
 *
 * Rejects with BAD_ARCHIVE or LIMIT_EXCEEDED naming the entry; NOT_REPRESENTABLE naming what this dialect, filesystem or
 * user cannot store; NO_SPACE, NO_INODES, READ_ONLY, NEEDS_PRIVILEGE, IO; EXISTS if `dir` is not empty; ABORTED within 100 ms
 * of the signal. What was written until then stays in `dir` for the caller to remove. Errors of the source come through, and
 * on any error it is closed.
 */
export async function extractLayer(source: Source, target: ExtractTarget, o: ExtractOptions = {}): Promise<Extracted> {
  const { signal } = o;
  try {
    return await extract(source, target, { ...o, onProgress: throttled(o.onProgress) });
  } catch (error) {
    if (signal?.aborted && error === signal.reason) throw aborted(signal);
    throw error;
  }
}

async function extract(source: Source, target: ExtractTarget, o: ExtractOptions): Promise<Extracted> {
  let extraction: Extraction;
  try {
    extraction = new Extraction(target, o);
  } catch (error) {
    await new ByteSource(source).close();
    throw error;
  }
  const { layer, writer } = extraction;
  try {
    const plain = await openPlain(source, { signal: o.signal, compressedDigest: o.compressedDigest ?? false });
    await readEntries(plain, extraction);
    const filled = await finishLayer(extraction, o);
    const { compressed, plain: diffId } = plain.digests();
    const losses = addLosses(layer.lost.losses, filled);
    const { entries, bytes } = writer;
    return { diffId, compressedDigest: compressed, entries, bytes, losses, manifest: layer.manifest !== null };
  } catch (error) {
    throw extractionError(error, writer.path, extraction.rootFd);
  } finally {
    extraction.close();
  }
}

async function readEntries(plain: PlainStream, { layer, reader, writer, copyUp, pace }: Extraction): Promise<void> {
  const slices = new SliceSize();
  for await (const chunk of plain.chunks) {
    for (let at = 0; at < chunk.length; ) {
      const length = Math.min(slices.bytes, chunk.length - at);
      slices.measure(() => reader.write(chunk, at, length));
      at += length;
      if (copyUp.waiting) await copyUp.drain(pace);
      if (layer.manifest?.waiting) await runPaced(layer.manifest.settleLinks(pace), pace);
      if (!pace.due) continue;
      pace.entries = writer.entries;
      pace.bytes = writer.bytes;
      await pace.rest();
    }
    writer.forgetChunk();
  }
  reader.end();
}

function addLosses(extracted: Losses, filled: Losses | null): Losses {
  if (filled === null) return extracted;
  const counts = { ...extracted.counts };
  for (const [kind, count] of Object.entries(filled.counts)) counts[kind] = (counts[kind] ?? 0) + count;
  return { counts, examples: { ...filled.examples, ...extracted.examples } };
}

function aborted(signal: AbortSignal): StorageError {
  return new StorageError({ code: "ABORTED", op: "apply", message: "aborted", cause: signal.reason });
}
