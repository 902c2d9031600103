import path from "node:path";
import type { Losses } from "../contract.ts";
import { fillTree } from "../copy/fill-tree.ts";
import { runPaced } from "../pace.ts";
import { removeTree } from "../remove/remove-tree.ts";
import { dialectMarks } from "./dialect-marks.ts";
import { endManifest } from "./end-manifest.ts";
import type { ExtractOptions } from "./extract-contract.ts";
import type { Extraction } from "./extraction.ts";
import { HiddenPaths } from "./hidden-paths.ts";
import { settleVisibility } from "./settle-visibility.ts";
import { writeDirectoryAttributes } from "./write-directory-attributes.ts";
import { writeMarks } from "./write-marks.ts";

/** How often the clock is looked at: a step costs some microseconds, a look at the clock a twentieth of one. */
const STEPS_PER_LOOK = 16;

/**
 * What can only be done when all entries are known: deletions, the content of a whole tree's parent, and the attributes of
 * directories. Gives what copying from below lost.
 */
export async function finishLayer(extraction: Extraction, o: ExtractOptions): Promise<Losses | null> {
  const { layer, dir, below, pace } = extraction;
  let steps = 0;
  const due = () => ++steps % STEPS_PER_LOOK === 0 && pace.due;
  const trash = layer.trash.left;
  layer.trash.close();
  if (trash !== null) await removeTree(path.join(dir, trash), { signal: o.signal });
  await runPaced(settleVisibility(layer, due), pace);
  await runPaced(endManifest(layer, due), pace);
  const marks = dialectMarks(layer.dialect);
  if (marks !== null && below !== null) await runPaced(writeMarks(layer, marks, due), pace);
  const filled = marks === null && below !== null ? await fillTree(below, dir, new HiddenPaths(layer.table), o) : null;
  await runPaced(writeDirectoryAttributes(layer, due), pace);
  return filled?.losses ?? null;
}
