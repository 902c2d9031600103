import { type Dialect, StorageError } from "@copyup/core";
import { closeFd } from "@copyup/linux";
import { TarReader } from "../../codec/reader.ts";
import { openPlain, type PlainStream, type Source } from "../../compress/index.ts";
import type { LongOptions, Losses, ViewParts } from "../contract.ts";
import { ContentCopier } from "../copy/content.ts";
import { Pace } from "../pace.ts";
import { CopyUp } from "./copy-up.ts";
import { extractionError } from "./failures.ts";
import { finishLayer } from "./finish-layer.ts";
import { LayerInProgress } from "./layer-in-progress.ts";
import { LayerWriter } from "./layer-writer.ts";
import { type ExtractLimits, extractLimits } from "./limits.ts";
import { prepareRoot } from "./prepare-root.ts";
import { SliceSize } from "./slice-size.ts";
import { throttled } from "./throttle-reports.ts";

export interface ExtractTarget {
  /** Absolute path of an existing, empty directory. */
  readonly dir: string;
  readonly dialect: Dialect;
  /** The view the layer lies on; null for a base. */
  readonly below: ViewParts | null;
}

export interface ExtractOptions extends LongOptions {
  /** Count what this user cannot store (owners, devices, trusted xattrs) instead of failing with NOT_REPRESENTABLE. */
  readonly lossy?: boolean | undefined;
  /** Of `ReadLimits` those that are not to be the default. */
  readonly limits?: Partial<ExtractLimits> | undefined;
}

export interface Extracted {
  /** `sha256:…` of the plain archive: the layer's diff id. */
  readonly diffId: string;
  /** `sha256:…` of the archive as it came; the same where it was not compressed. */
  readonly compressedDigest: string;
  /** In the archive. */
  readonly entries: number;
  /** Of its files' contents, holes included. */
  readonly bytes: number;
  readonly losses: Losses;
}

/**
 * Extracts a layer archive (plain, gzip or zstd) straight into a driver's directory, in the driver's dialect. One archive on
 * one view below gives one view, whatever the dialect: docs/decisions and layers.md ("Reading other people's archives") have
 * the rules. In the dialect `tree` what the archive neither replaces nor deletes is copied from `below`.
 *
 * Archives are taken to be hostile: every path is resolved inside `dir`, and nothing outside is ever read, written or linked.
 * Overlay's private xattrs and the labels of security modules are left out.
 *
 * Rejects with BAD_ARCHIVE or LIMIT_EXCEEDED naming the entry; NOT_REPRESENTABLE naming what this dialect, filesystem or
 * user cannot store; NO_SPACE, NO_INODES, READ_ONLY, NEEDS_PRIVILEGE, IO; EXISTS if `dir` is not empty; ABORTED within 100 ms
 * of the signal. What was written until then stays in `dir` for the caller to remove. Errors of the source come through.
 */
export async function extractLayer(source: Source, target: ExtractTarget, o: ExtractOptions = {}): Promise<Extracted> {
  const { signal } = o;
  try {
    const pace = new Pace("extract", { signal, onProgress: throttled(o.onProgress) });
    const plain = await openPlain(source, signal === undefined ? {} : { signal });
    return await extractPlain(plain, target, pace, o);
  } catch (error) {
    if (signal?.aborted && error === signal.reason) throw aborted(signal);
    throw error;
  }
}

async function extractPlain(
  plain: PlainStream,
  target: ExtractTarget,
  pace: Pace,
  o: ExtractOptions,
): Promise<Extracted> {
  const limits = extractLimits(o.limits);
  const below = target.below !== null && target.below.length > 0 ? target.below : null;
  const lossy = o.lossy ?? false;
  const rootFd = prepareRoot(target.dir);
  let layer: LayerInProgress | null = null;
  let copyUp: CopyUp | null = null;
  let writer: LayerWriter | null = null;
  try {
    layer = new LayerInProgress(rootFd, target.dialect, below, lossy, limits);
    copyUp = new CopyUp(layer, new ContentCopier(pace));
    writer = new LayerWriter(layer, copyUp);
    await readEntries(plain, new TarReader(writer, limits), writer, copyUp, pace);
    const filled = await finishLayer(layer, target.dir, below, pace, { ...o, lossy });
    const { compressed, plain: diffId } = plain.digests();
    const losses = addLosses(layer.lost.losses, filled);
    return { diffId, compressedDigest: compressed, entries: writer.entries, bytes: writer.bytes, losses };
  } catch (error) {
    throw extractionError(error, writer?.path ?? Buffer.alloc(0), rootFd);
  } finally {
    writer?.close();
    copyUp?.close();
    layer?.close();
    closeFd(rootFd);
  }
}

async function readEntries(
  plain: PlainStream,
  reader: TarReader,
  writer: LayerWriter,
  copyUp: CopyUp,
  pace: Pace,
): Promise<void> {
  const slices = new SliceSize();
  for await (const chunk of plain.chunks) {
    for (let at = 0; at < chunk.length; ) {
      const length = Math.min(slices.bytes, chunk.length - at);
      slices.measure(() => reader.write(chunk, at, length));
      at += length;
      if (copyUp.waiting) await copyUp.drain(pace);
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
