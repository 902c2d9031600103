import { StorageError } from "./errors.ts";

/**
 * Layer ids are safe as a file name on every filesystem and in every driver's option string (aufs cannot say `,` `:` `=`
 * and gives names beginning `.wh.` a meaning). Not longer than a sha256 in hex.
 */
const LAYER_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export function isLayerId(id: unknown): id is string {
  return typeof id === "string" && LAYER_ID.test(id);
}

/** Throws `BAD_ID`. */
export function checkLayerId(id: unknown, op: string): asserts id is string {
  if (isLayerId(id)) return;
  throw new StorageError({
    code: "BAD_ID",
    op,
    message: `${JSON.stringify(id)} is not a layer id`,
    hint: "an id is 1 to 64 letters, digits, '-' or '_', beginning with a letter or digit; `copyup layer ls` lists them",
  });
}

/** Small letters, digits and single `-`, beginning with a letter; 40 at most. So it is an npm package's name too. */
const DRIVER_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function isDriverName(name: unknown): name is string {
  return typeof name === "string" && name.length <= 40 && DRIVER_NAME.test(name);
}

export const LABEL_KEY_MAX_BYTES = 256;
export const LABEL_VALUE_MAX_BYTES = 4096;
