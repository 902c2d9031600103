import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Small trees as text, one line an entry: `dir/`, `file=content`, `link->target`. Parents are made as needed. The same words
 * describe what to write, what a hand-made archive holds (tar/tar-of-specs.ts) and what a view must show.
 */
export type TreeSpec = string;

export interface SpecEntry {
  readonly name: string;
  readonly type: "directory" | "file" | "symlink";
  /** The content, or the link's text. */
  readonly text: string;
}

export function parseSpec(spec: TreeSpec): SpecEntry {
  const link = spec.indexOf("->");
  if (link > 0) return { name: spec.slice(0, link), type: "symlink", text: spec.slice(link + 2) };
  if (spec.endsWith("/")) return { name: spec.slice(0, -1), type: "directory", text: "" };
  const equals = spec.indexOf("=");
  return equals < 0
    ? { name: spec, type: "file", text: "" }
    : { name: spec.slice(0, equals), type: "file", text: spec.slice(equals + 1) };
}

export function writeTree(root: string, specs: readonly TreeSpec[]): void {
  for (const spec of specs) {
    const { name, type, text } = parseSpec(spec);
    const at = path.join(root, name);
    mkdirSync(type === "directory" ? at : path.dirname(at), { recursive: true });
    if (type === "file") writeFileSync(at, text);
    if (type === "symlink") symlinkSync(text, at);
  }
}

/** The tree below a directory in the same words, sorted; directories are listed only where they are empty. */
export function readTree(root: string, below = ""): TreeSpec[] {
  const specs: TreeSpec[] = [];
  for (const name of readdirSync(path.join(root, below))) {
    const relative = path.join(below, name);
    const at = path.join(root, relative);
    const stat = lstatSync(at);
    if (stat.isSymbolicLink()) specs.push(`${relative}->${readlinkSync(at)}`);
    else if (stat.isFile()) specs.push(`${relative}=${readFileSync(at, "utf8")}`);
    else if (stat.isDirectory()) {
      const inside = readTree(root, relative);
      specs.push(...(inside.length === 0 ? [`${relative}/`] : inside));
    } else specs.push(`${relative}?`);
  }
  return specs.sort();
}
