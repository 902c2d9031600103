import { mkdirSync, mkdtempSync } from "node:fs";
import type { Dialect } from "@copyup/core";
import { MS_RDONLY, mount2, unmount } from "@copyup/linux";
import { expect } from "vitest";
import { type ExtractOptions, extractLayer } from "../../../src/tree/extract/index.ts";
import { fillTree, type ViewPart } from "../../../src/tree/index.ts";
import type { Scratch } from "./scratch.ts";
import { type Shown, snapshot } from "./snapshot.ts";
import { type TestEntry, tarOf } from "./tar-of.ts";

export const DIALECTS: readonly Dialect[] = ["tree", "overlay-trusted", "overlay-user", "aufs"];

type Layer = readonly TestEntry[] | Buffer;

/** The layers of a chain, base first, each in a directory of its own; gives the parts of the view, nearest first. */
export async function applyChain(
  dir: string,
  dialect: Dialect,
  layers: readonly Layer[],
  o: ExtractOptions = {},
): Promise<ViewPart[]> {
  let below: ViewPart[] = [];
  const chain = mkdtempSync(`${dir}/${dialect}-`);
  for (const [index, layer] of layers.entries()) {
    const part = { dir: `${chain}/${index}`, dialect };
    mkdirSync(part.dir);
    const tar = Buffer.isBuffer(layer) ? layer : tarOf(layer);
    await extractLayer([tar], { ...part, below: below.length === 0 ? null : below }, o);
    below = [part, ...below];
  }
  return below;
}

/** What a chain looks like: a tree as it is, overlay through the kernel, aufs read by us. */
export async function viewOf(scratch: Scratch, parts: readonly ViewPart[]): Promise<Record<string, Shown>> {
  const [top] = parts as [ViewPart];
  if (top.dialect === "tree") return snapshot(top.dir);
  if (top.dialect === "aufs") {
    const copy = mkdtempSync(`${scratch.path}/view-`);
    await fillTree(parts, copy, { hides: () => false, opaque: () => false });
    // The root is not filled.
    return { ...snapshot(copy), ".": snapshot(top.dir)["."]! };
  }
  const target = scratch.directory(`${top.dialect}-view`);
  const lowers = [...parts.map(({ dir }) => dir), scratch.directory("empty")].join(":");
  mount2(
    "overlay",
    target,
    "overlay",
    MS_RDONLY,
    `lowerdir=${lowers}${top.dialect === "overlay-user" ? ",userxattr" : ""}`,
  );
  try {
    return snapshot(target);
  } finally {
    unmount(target);
  }
}

/** Applies the chain in every dialect, and gives the one view that they all must show. */
export async function oneView(scratch: Scratch, ...layers: Layer[]): Promise<Record<string, Shown>> {
  let first: Record<string, Shown> | null = null;
  for (const dialect of DIALECTS) {
    const view = await viewOf(scratch, await applyChain(scratch.path, dialect, layers));
    first ??= view;
    expect(view, dialect).toEqual(first);
  }
  return first!;
}

/** The error that every dialect answers with; it must be the same one. */
export async function oneRefusal(scratch: Scratch, ...layers: Layer[]): Promise<{ code: string; message: string }> {
  let first: { code: string; message: string } | null = null;
  for (const dialect of DIALECTS) {
    const refusal = await applyChain(scratch.path, dialect, layers).then(
      () => null,
      (error: { code: string; message: string }) => ({ code: error.code, message: error.message }),
    );
    expect(refusal, `${dialect} took it`).not.toBeNull();
    first ??= refusal;
    expect(refusal).toEqual(first);
  }
  return first!;
}
