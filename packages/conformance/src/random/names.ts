import fc from "fast-check";

/** Ordinary ones first: a program shrinks to them. */
const PLAIN = ["a", "b", "c", "d"].map((text) => Buffer.from(text));

const STRANGE: readonly Buffer[] = [
  ...[
    "line\nbreak",
    "-rf",
    "back\\slash",
    "co:lon",
    "com,ma",
    "\u00e9",
    "e\u0301",
    " two  words ",
    "*?[",
    "n%s",
    "...",
    "a=b",
  ],
  ...[".wh", "\u0001\t", "'\"$(x)`", "#x", "x".repeat(255), "y".repeat(251), "ends\n"],
]
  .map((text) => Buffer.from(text))
  // No UTF-8: a lone continuation byte, a cut sequence, bytes that never occur.
  .concat([[0xff, 0xfe, 0x80], [0xc3], [0x80, 0x2d]].map((bytes) => Buffer.from(bytes)));

/** What no layer archive can say (layers.md rule 7), and every driver keeps all the same. */
const UNSAYABLE = [".wh.a", ".wh..wh..opq", ".wh..wh.plnk", ".wh..", ".wh.x\n"].map((text) => Buffer.from(text));

/** Few names a program: what is made under one is soon met again under it. */
export function someNames(unsayable: boolean): fc.Arbitrary<readonly Buffer[]> {
  const name = fc.oneof(
    { withCrossShrink: true },
    { arbitrary: fc.constantFrom(...PLAIN), weight: 5 },
    { arbitrary: fc.constantFrom(...STRANGE), weight: 3 },
    ...(unsayable ? [{ arbitrary: fc.constantFrom(...UNSAYABLE), weight: 2 }] : []),
  );
  return fc.uniqueArray(name, { minLength: 3, maxLength: 4, selector: (bytes) => bytes.toString("latin1") });
}

/** Cannot stand in a layer archive. */
export function isUnsayable(name: string): boolean {
  return name.startsWith(".wh.");
}

/** The same of a whole path, by its last name and what it is. */
export function lastNameUnsayable(path: string, entry: { readonly type: string; readonly device: string }): boolean {
  return isUnsayable(path.slice(path.lastIndexOf("/") + 1)) || (entry.type === "char" && entry.device === "0:0");
}
