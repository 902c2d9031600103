import fc from "fast-check";
import type { TestEntry } from "./tar-of.ts";

/** Few names, so that entries meet: as parents, targets, duplicates and whiteouts of one another. */
const directory = fc.constantFrom("d", "e");
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom("x", "y", "z") }, { weight: 1, arbitrary: directory });
const parent = fc.array(directory, { maxLength: 2 }).map((names) => names.join("/"));
const join = (at: string, leaf: string) => (at === "" ? leaf : `${at}/${leaf}`);
const path = fc.tuple(parent, name).map(([at, leaf]) => join(at, leaf));
const linkText = fc.oneof(
  parent.map((at) => `/${at}`),
  parent.map((at) => `../${at}`),
  path,
  fc.constantFrom(".", "..", "/", "d/../e"),
);
const attributes = fc.record({
  mode: fc.constantFrom(0o755, 0o700, 0o4711, 0o2775),
  uid: fc.constantFrom(0, 5),
  mtimeSec: fc.constantFrom(1, 2_000_000_000),
});

const entry: fc.Arbitrary<TestEntry> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(path, attributes, fc.nat(9))
      .map(([p, a, n]) => ({ path: p, data: `content ${n} of ${p}`, ...a })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(parent, directory, attributes)
      .map(([at, leaf, a]) => ({ path: join(at, leaf), type: "directory" as const, ...a })),
  },
  { weight: 2, arbitrary: fc.tuple(path, linkText).map(([p, link]) => ({ path: p, type: "symlink" as const, link })) },
  { weight: 1, arbitrary: fc.tuple(path, path).map(([p, link]) => ({ path: p, type: "hardlink" as const, link })) },
  { weight: 1, arbitrary: path.map((p) => ({ path: p, type: "fifo" as const })) },
  { weight: 3, arbitrary: fc.tuple(parent, name).map(([p, n]) => ({ path: join(p, `.wh.${n}`) })) },
  { weight: 1, arbitrary: parent.map((p) => ({ path: join(p, ".wh..wh..opq") })) },
  { weight: 1, arbitrary: attributes.map((a) => ({ path: "", type: "directory" as const, ...a })) },
);
export const anyLayer = fc.array(entry, { maxLength: 12 });
export const anyChain = fc.array(anyLayer, { minLength: 1, maxLength: 3 });
