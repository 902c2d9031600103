import { type Dialect, isLayerId, StorageError } from "@copyup/core";
import { LAYER_FORMAT, type LayerRecord } from "./layer-record.ts";

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const DIALECTS: readonly string[] = [
  "overlay-trusted",
  "overlay-user",
  "aufs",
  "fuse-overlayfs",
  "tree",
] satisfies Dialect[];

/** Throws CORRUPT for what is no record of that layer, STORE_FORMAT for one of a newer program. */
export function parseLayerRecord(text: string, id: string, file: string): LayerRecord {
  const bad = (what: string, cause?: unknown) =>
    new StorageError({
      code: "CORRUPT",
      op: "read",
      layer: id,
      path: file,
      message: `layer ${id}: ${what} in ${file}`,
      hint: "`copyup store check` names every bad layer; the others stay usable",
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad(text.trim() === "" ? "nothing" : "no JSON", cause);
  }
  if (!isObject(value)) throw bad("no object");
  if (value.format !== LAYER_FORMAT) {
    if (typeof value.format !== "number") throw bad("no format number");
    throw new StorageError({
      code: "STORE_FORMAT",
      op: "read",
      layer: id,
      path: file,
      message: `layer ${id} has record format ${value.format}; this program knows ${LAYER_FORMAT}`,
      hint: "use the copyup that wrote it, or a newer one",
    });
  }
  for (const [field, isGood] of FIELDS) if (!isGood(value[field])) throw bad(`a bad \`${field}\``);
  if (value.id !== id) throw bad(`the id ${JSON.stringify(value.id)}`);
  return { lostExamples: {}, ...value } as unknown as LayerRecord;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isText = (value: unknown) => typeof value === "string";
const isDigest = (value: unknown) => value === null || (typeof value === "string" && DIGEST.test(value));
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isMapOf = (good: (value: unknown) => boolean) => (value: unknown) =>
  isObject(value) && Object.values(value).every(good);

const FIELDS: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ["id", isLayerId],
  ["parent", (value) => value === null || isLayerId(value)],
  ["state", (value) => value === "active" || value === "committed"],
  ["driver", isText],
  ["bodyFormat", isCount],
  ["dialect", (value) => typeof value === "string" && DIALECTS.includes(value)],
  ["diffId", isDigest],
  ["contentId", isDigest],
  ["labels", isMapOf(isText)],
  ["createdAt", (value) => typeof value === "string" && !Number.isNaN(Date.parse(value))],
  ["lost", isMapOf(isCount)],
  ["lostExamples", (value) => value === undefined || isMapOf(isText)(value)],
];
