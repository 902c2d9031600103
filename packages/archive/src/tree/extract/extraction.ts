import { closeFd } from "@copyup/linux";
import { TarReader } from "../../codec/reader.ts";
import type { ViewParts } from "../contract.ts";
import { ContentCopier } from "../copy/content.ts";
import { Pace } from "../pace.ts";
import { CopyUp } from "./copy-up.ts";
import type { ExtractOptions, ExtractTarget } from "./extract-contract.ts";
import { LayerInProgress } from "./layer-in-progress.ts";
import { LayerManifest } from "./layer-manifest.ts";
import { LayerWriter } from "./layer-writer.ts";
import { extractLimits } from "./limits.ts";
import { prepareRoot } from "./prepare-root.ts";

/** Everything one extraction works with, from before its first byte to its end. Close it. */
export class Extraction {
  readonly dir: string;
  readonly below: ViewParts | null;
  readonly pace: Pace;
  readonly rootFd: number;
  readonly layer: LayerInProgress;
  readonly copyUp: CopyUp;
  readonly writer: LayerWriter;
  readonly reader: TarReader;

  constructor(target: ExtractTarget, o: ExtractOptions) {
    const limits = extractLimits(o.limits);
    this.dir = target.dir;
    this.below = target.below !== null && target.below.length > 0 ? target.below : null;
    this.pace = new Pace("extract", o);
    this.rootFd = prepareRoot(target.dir);
    let layer: LayerInProgress | null = null;
    try {
      layer = new LayerInProgress(this.rootFd, target.dialect, this.below, o.lossy ?? false, limits);
      if (o.manifest !== undefined) layer.manifest = new LayerManifest(o.manifest, layer.table, layer.open);
      this.layer = layer;
    } catch (error) {
      layer?.close();
      closeFd(this.rootFd);
      throw error;
    }
    this.copyUp = new CopyUp(this.layer, new ContentCopier(this.pace));
    this.writer = new LayerWriter(this.layer, this.copyUp);
    this.reader = new TarReader(this.writer, limits);
  }

  close(): void {
    this.writer.close();
    this.copyUp.close();
    this.layer.close();
    closeFd(this.rootFd);
  }
}
