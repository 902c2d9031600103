import { statSync } from "node:fs";
import path from "node:path";
import { regularFiles } from "../../ground/cached-files.ts";

/**
 * At most so many of a tree's files with one name, in byte order: what becomes of the others is where drivers differ (CU07), and nobody
 * could verify an edit. `at` is below the tree.
 */
export function filesOf(tree: string, most: number): { readonly at: string; readonly size: number }[] {
  return [...regularFiles(tree)]
    .sort()
    .map((file) => ({ file, stat: statSync(file) }))
    .filter(({ stat }) => stat.nlink === 1)
    .slice(0, most)
    .map(({ file, stat }) => ({ at: path.relative(tree, file), size: stat.size }));
}
