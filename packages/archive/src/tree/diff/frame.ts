import type { Stat } from "@copyup/linux";
import type { ViewDirectory } from "../view/index.ts";
import type { Below } from "./below.ts";
import type { Reading } from "./names.ts";

/** A directory the walk is in. About 200 bytes and the names of the directory. */
export interface Frame {
  readonly parent: Frame | null;
  readonly above: ViewDirectory;
  readonly below: Below;
  readonly stat: Stat;
  /** It lies where the copy put it, so that old ctimes in it mean unchanged files. */
  readonly inPlace: boolean;
  readonly reading: Reading;
  /** How the directory itself differs. */
  readonly differs: "add" | "modify" | null;
  /** It has been told, as a difference or as an ancestor. */
  told: boolean;
}

export function closeViews(above: ViewDirectory, below: Below): void {
  below.close();
  above.close();
}
