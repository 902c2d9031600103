import { badNotes } from "./refusals.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;

/** Is that the name of a layer's directory? So it can be neither `..` nor a path. */
export function isLayerName(name: string): boolean {
  return NAME.test(name);
}

/** Notes of an engine must not lead out of its tree. */
export function layerName(name: string, path: string): string {
  if (isLayerName(name)) return name;
  throw badNotes(path, `${JSON.stringify(name)} is no layer's name`);
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Null for what is no `sha256:…`. */
export function digestOrNull(text: string | null): string | null {
  return text !== null && DIGEST.test(text) ? text : null;
}
