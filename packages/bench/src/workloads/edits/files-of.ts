import { statSync } from "node:fs";
import path from "node:path";
import { regularFiles } from "../../ground/cached-files.ts";

/** At most so many of a tree's files with one name, in byte order. `at` is below the tree. */
export function filesOf(tree: string, most: number): { readonly at: string; readonly size: number }[] {
  return [...regularFiles(tree)]
    .filter((file) => path.basename(file) !== "second-name")
    .sort()
    .slice(0, most)
    .map((file) => ({ at: path.relative(tree, file), size: statSync(file).size }));
}
