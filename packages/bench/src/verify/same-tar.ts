import { mkdirSync } from "node:fs";
import { extractLayer, removeTree } from "@copyup/archive";
import { snapshotTree, type Tree } from "@copyup/conformance";
import { readTar } from "../ground/read-tar.ts";
import { type Loss, requireSameTree } from "./same-tree.ts";

/** Throws IO unless the archive holds the tree: extracts it beside itself, and removes what came out. */
export async function requireSameTar(who: string, expected: Tree, tar: string, losses: readonly Loss[] = []) {
  const dir = `${tar}.extracted`;
  mkdirSync(dir);
  await extractLayer(readTar(tar), { dir, dialect: "tree", below: null });
  requireSameTree(who, expected, snapshotTree(dir), losses);
  await removeTree(dir);
}
