import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Stand } from "../../ground/stand.ts";

const DIRECTORIES = 20;
const FILES = 10_000;
export const LARGE = "large";
const LARGE_BYTES = 16 << 20;

/** A view that is the same however many layers it is spread over. */
export interface Spread {
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

export function spreadOf(scale: number): Spread {
  const directories = Array.from({ length: DIRECTORIES }, (_, i) => `dir-${i}`);
  const count = Math.max(DIRECTORIES, Math.round(FILES * scale));
  const files = Array.from({ length: count }, (_, i) => `${directories[i % DIRECTORIES]}/file-${i}`);
  return { directories, files };
}

/** The part of the view that the layer `index` of `depth` holds: every directory, its share of the files; the lowest the large file. */
export function writePart(root: string, { directories, files }: Spread, index: number, depth: number): void {
  for (const dir of directories) mkdirSync(path.join(root, dir), { recursive: true });
  // Counted within a directory, so that each layer has some of every one.
  for (const [i, file] of files.entries())
    if (Math.floor(i / directories.length) % depth === index)
      writeFileSync(path.join(root, file), `content of ${file}\n`);
  if (index === 0) writeFileSync(path.join(root, LARGE), Buffer.alloc(LARGE_BYTES, "large"));
}

/**
 * The ids of a chain of committed layers that shows the view, the lowest first. Written where the layer lies, as a tar is
 * extracted: 500 mounts would take minutes.
 */
export async function spreadOver(
  { store }: Stand,
  spread: Spread,
  depth: number,
  signal: AbortSignal,
): Promise<string[]> {
  const chain: string[] = [];
  for (let i = 0; i < depth; i++) {
    const active = await store.prepare({ parent: chain.at(-1) ?? null, signal });
    writePart(store.access(active.layer).dir, spread, i, depth);
    await active.commit({ durability: "none", signal });
    chain.push(active.id);
  }
  return chain;
}
