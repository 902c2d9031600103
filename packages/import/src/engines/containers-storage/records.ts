import { join } from "node:path";
import { readJson } from "../../read/files.ts";
import { type JsonObject, objectIn, objectsIn, textIn, textsIn } from "../../read/json-shape.ts";
import { digestOrNull, layerName } from "../../read/names.ts";

export interface LayerRecord {
  readonly id: string;
  readonly parent: string | null;
  readonly diffId: string | null;
  /** It was never finished. */
  readonly incomplete: boolean;
}

/** Records of containers/storage (layers.go, images.go, containers.go) of one of its drivers. */
export interface Records {
  readonly layers: readonly LayerRecord[];
  /** Tags by the layer that is an image's top. Images without a tag are there with an empty list. */
  readonly images: ReadonlyMap<string, string[]>;
  /** Names by the container's layer. */
  readonly containers: ReadonlyMap<string, string[]>;
}

/** Null where there are none of that driver. */
export function readRecords(root: string, driver: string): Records | null {
  const file = join(root, `${driver}-layers`, "layers.json");
  const stored = readJson(file);
  if (stored === null) return null;
  // Since 1.49 the layers of containers are in a file of their own, which need not survive a reboot.
  const volatile = join(root, `${driver}-layers`, "volatile-layers.json");
  const layers = [...layersIn(stored, file), ...layersIn(readJson(volatile), volatile)];
  const images = namesByLayer(join(root, `${driver}-images`, "images.json"), ["layer", "mapped-layers"]);
  const containers = new Map([
    ...namesByLayer(join(root, `${driver}-containers`, "containers.json"), ["layer"]),
    ...namesByLayer(join(root, `${driver}-containers`, "volatile-containers.json"), ["layer"]),
  ]);
  return { layers, images, containers };
}

function layersIn(value: unknown, file: string): LayerRecord[] {
  return objectsIn(value, file).map((record) => {
    const parent = textIn(record, "parent");
    return {
      id: layerName(textIn(record, "id") ?? "", file),
      parent: parent === null ? null : layerName(parent, file),
      diffId: digestOrNull(textIn(record, "diff-digest")),
      incomplete: isIncomplete(record),
    };
  });
}

function isIncomplete(record: JsonObject): boolean {
  const { flags } = record;
  return typeof flags === "object" && flags !== null && (flags as JsonObject).incomplete === true;
}

function namesByLayer(file: string, keys: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const item of objectsIn(readJson(file), file)) {
    const record = objectIn(item, file);
    const tops = keys.flatMap((key) => textIn(record, key) ?? textsIn(record, key));
    for (const top of tops) found.set(top, [...(found.get(top) ?? []), ...textsIn(record, "names")]);
  }
  return found;
}
