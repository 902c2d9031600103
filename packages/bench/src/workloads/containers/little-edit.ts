import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** In a directory that `many` has at every scale; none of these files has a second name. */
const ROOM = "usr-0/part-0/dir-0";
const [APPENDED, REMOVED, MADE] = ["file-1.txt", "file-3.txt", "var"] as const;
const LINES = 20;

/** What a container that has just started has done: a line in a configuration file, one file gone, a log begun. */
export function editALittle(root: string, index: number): void {
  appendFileSync(path.join(root, ROOM, APPENDED), `\ncontainer ${index}\n`);
  rmSync(path.join(root, ROOM, REMOVED));
  mkdirSync(path.join(root, MADE));
  writeFileSync(path.join(root, MADE, "log"), `line of container ${index}\n`.repeat(LINES));
}

/** Throws unless a tree has that container's edits and no other's. */
export function requireEdited(root: string, index: number): void {
  const appended = readFileSync(path.join(root, ROOM, APPENDED), "utf8");
  const log = readFileSync(path.join(root, MADE, "log"), "utf8");
  const kept =
    appended.endsWith(`\ncontainer ${index}\n`) &&
    appended.split("\ncontainer ").length === 2 &&
    !existsSync(path.join(root, ROOM, REMOVED)) &&
    log === `line of container ${index}\n`.repeat(LINES);
  if (!kept) throw new Error(`container ${index} in ${root} does not hold what was written into it`);
}

/** Throws unless a layer's changes are those of an edit; directories above may have changed with them, as they do on FUSE. */
export function requireOnlyEdits(changed: readonly string[]): void {
  const edits = [`${ROOM}/${APPENDED}`, `${ROOM}/${REMOVED}`, `${MADE}/log`];
  const missing = edits.find((edit) => !changed.includes(edit));
  if (missing !== undefined) throw new Error(`the layer does not have the change of ${missing}`);
  const strange = changed.find((at) => at !== "" && !edits.some((edit) => edit === at || edit.startsWith(`${at}/`)));
  if (strange !== undefined) throw new Error(`the layer has a change of ${strange}`);
}
