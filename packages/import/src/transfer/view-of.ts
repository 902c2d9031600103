import type { Comparison, ReadDialect, ReadPart } from "@copyup/archive";
import { StorageError } from "@copyup/core";
import { describeHost } from "@copyup/linux";
import { chooseDialect } from "../marks/choose-dialect.ts";
import { layerMarks } from "../marks/layer-marks.ts";
import type { OldGraph, OldLayer } from "../old-graph.ts";
import { OP } from "../read/refusals.ts";

/** The views of an engine's layers, each made of the directories of its chain. */
export class OldViews {
  private readonly overlay: OldGraph["overlay"];
  private readonly signal: AbortSignal | undefined;
  private readonly parts = new Map<string, readonly ReadPart[]>();

  constructor({ overlay }: OldGraph, signal: AbortSignal | undefined) {
    this.overlay = overlay;
    this.signal = signal;
  }

  /** A layer against its parent, which was asked for before. Throws NEEDS_PRIVILEGE, NOT_REPRESENTABLE, CORRUPT. */
  async comparison(layer: OldLayer): Promise<Comparison> {
    const below = layer.parent === null ? null : (this.parts.get(layer.parent) ?? null);
    const own = { dir: layer.dir, dialect: await this.dialectOf(layer) };
    const above = own.dialect === "tree" ? [own] : [own, ...(below ?? [])];
    this.parts.set(layer.id, above);
    return { above, below };
  }

  private async dialectOf({ dir, writing }: OldLayer): Promise<ReadDialect> {
    if (writing !== "overlay") return writing;
    if (!this.overlay.rootless && this.overlay.daemon !== true) requireTrusted(dir);
    return chooseDialect(await layerMarks(dir, this.signal), this.overlay);
  }
}

/** Others do not even see trusted.* xattrs: opaque directories would show what they hide. */
function requireTrusted(dir: string): void {
  const { userNamespace, sysAdmin } = describeHost();
  if (sysAdmin && !userNamespace) return;
  throw new StorageError({
    code: "NEEDS_PRIVILEGE",
    op: OP,
    path: dir,
    message: `${dir}: the marks of a layer that root wrote can be read by root only`,
    hint: "run it as root",
  });
}
