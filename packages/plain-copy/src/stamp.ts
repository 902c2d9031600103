import { readFileSync, writeFileSync } from "node:fs";
import { copyStampFromJson, copyStampToJson, takeCopyStamp } from "@copyup/archive";
import type { CopyStamp, Layer } from "@copyup/core";
import { directoriesOf, stampOf, treeOf } from "./layout.ts";

type HasBody = Pick<Layer, "body">;

/** After the copy, before anything else may touch it. Waits some milliseconds for the filesystem's clock to tick. */
export async function writeStamp(body: HasBody, signal: AbortSignal | undefined): Promise<void> {
  const stamp = await takeCopyStamp(treeOf(body), directoriesOf(body), { signal });
  writeFileSync(stampOf(body), JSON.stringify(copyStampToJson(stamp)), { flag: "wx", mode: 0o600 });
}

/** Undefined for a layer that was not copied, and for a stamp that cannot be read: the layer is then compared whole. */
export function readStamp(layer: HasBody): CopyStamp | undefined {
  try {
    return copyStampFromJson(JSON.parse(readFileSync(stampOf(layer), "utf8")), directoriesOf(layer)) ?? undefined;
  } catch {
    return undefined;
  }
}
