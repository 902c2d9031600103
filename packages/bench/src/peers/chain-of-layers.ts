import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packLayer } from "@copyup/archive";
import { otherResult } from "../verify/other-result.ts";

/** Layer tars of one file each, the lowest first; in `dir/layers-N`. */
export async function smallLayers(dir: string, depth: number, signal: AbortSignal): Promise<string[]> {
  const at = path.join(dir, `layers-${depth}`);
  mkdirSync(at);
  const tars: string[] = [];
  for (let index = 0; index < depth; index++) {
    const tree = path.join(at, "tree");
    mkdirSync(tree);
    writeFileSync(path.join(tree, layerFile(index)), `layer ${index}\n`);
    const pieces: Buffer[] = [];
    for await (const piece of packLayer({ above: [{ dir: tree, dialect: "tree" }], below: null }, { signal }))
      pieces.push(Buffer.from(piece));
    const tar = path.join(at, `${index}.tar`);
    writeFileSync(tar, Buffer.concat(pieces));
    tars.push(tar);
    // One plain file, made above.
    rmSync(tree, { recursive: true });
  }
  return tars;
}

export const layerFile = (index: number) => `layer-${index}`;

/** Throws IO unless a mount shows the file of every layer. */
export function requireAllLayers(who: string, depth: number, names: readonly string[]): void {
  const missing = Array.from({ length: depth }, (_, index) => layerFile(index)).filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw otherResult(who, `of ${depth} layers its mount does not show ${missing.slice(0, 5).join(", ")}`);
}
