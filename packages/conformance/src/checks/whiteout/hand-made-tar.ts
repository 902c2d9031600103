import { parseSpec, type TreeSpec } from "./tree-specs.ts";

const BLOCK = 512;
const TYPE = { file: "0", symlink: "2", directory: "5" } as const;

/**
 * A layer archive as somebody else's tool might write it: plain ustar, entries in the order given, after each one's parents.
 * Written here and not by the archive package, so that the suite does not test that package's writer with its own reader.
 * Owned by this process's user, parents too, so that an ordinary user can store it without losing anything.
 */
export function tarOf(...specs: TreeSpec[]): Buffer {
  const told = new Set<string>();
  const blocks: Buffer[] = [];
  for (const spec of ["./", ...specs]) {
    const parts = parseSpec(spec).name.split("/");
    const parents = parts.slice(0, -1).map((_, depth) => `${parts.slice(0, depth + 1).join("/")}/`);
    for (const entry of [...parents.filter((parent) => !told.has(parent)), spec]) {
      told.add(entry);
      blocks.push(...entryOf(entry));
    }
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function entryOf(spec: TreeSpec): Buffer[] {
  const { name, type, text } = parseSpec(spec);
  const content = Buffer.from(type === "file" ? text : "");
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, "0"), at);
  header.write(type === "directory" ? `${name}/` : name, 0, 100);
  octal(type === "file" ? 0o644 : type === "symlink" ? 0o777 : 0o755, 100, 7);
  octal(process.geteuid?.() ?? 0, 108, 7);
  octal(process.getegid?.() ?? 0, 116, 7);
  octal(content.length, 124, 11);
  octal(1_600_000_000, 136, 11);
  header.write(TYPE[type], 156);
  if (type === "symlink") header.write(text, 157, 100);
  header.write("ustar\x0000", 257, "latin1");
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}
