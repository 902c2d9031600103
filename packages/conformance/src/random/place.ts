/**
 * A path of a program: indices into the program's few names, so that a program shrinks to short names without changing what it
 * does. Empty: the root.
 */
export type Place = readonly number[];

/** Relative bytes; the same index names the same name wherever it stands, so operations meet. */
export function pathOf(names: readonly Buffer[], place: Place): Buffer {
  if (place.length === 0) return Buffer.from(".");
  const parts = place.map((index) => names[index % names.length] ?? Buffer.from("?"));
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [SLASH, part])));
}

const SLASH = Buffer.from("/");
