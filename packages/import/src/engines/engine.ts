import type { OldGraph } from "../old-graph.ts";

/** One engine's way of keeping layers. */
export interface Engine {
  /** As `--from` has it. */
  readonly name: string;
  readonly summary: string;
  /**
   * Reads the notes of the tree at `path` (absolute, resolved): no layer's content. Throws BAD_OPTION where it is no such tree,
   * CORRUPT naming a file that cannot be understood, NEEDS_PRIVILEGE, IO.
   */
  read(path: string): OldGraph;
}
