import type { FileType } from "@copyup/core";
import { Stat } from "@copyup/linux";
import type { ReadDialect } from "../contract.ts";
import type { ViewEntry } from "../view/index.ts";

/**
 * One step of the walk over two views. The walk fills one object again and again: what is to be kept must be copied before
 * the next step.
 */
export class Difference {
  /** `ancestor`: a directory that is equal but has a difference below it; it precedes that one. */
  kind: "add" | "modify" | "delete" | "ancestor" = "add";
  /** latin1; `""` is the root. */
  path = "";
  /** In the layer's view; of a deletion, in the parent's. */
  type: FileType = "file";
  /** In the layer's view; means nothing for a deletion. */
  stat = new Stat();
  dialect: ReadDialect = "tree";
  /** A directory's own descriptor, else -1. */
  fd = -1;
  /** Of what is no directory: how to open it. */
  entry: ViewEntry | null = null;
  /** Not null: one more name of the file at that path, which was told before. */
  linkTo: string | null = null;
}
