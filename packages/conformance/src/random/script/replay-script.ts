import { operationOf } from "../operations/index.ts";
import type { Event, Recording } from "../recording.ts";
import { PREAMBLE } from "./preamble.ts";
import { assignName, type ShellPaths, shellPaths } from "./shell-paths.ts";

export interface About {
  readonly driver: string;
  /** The failure, as it was told. */
  readonly what: string;
  /** The seed, and how the program was found. */
  readonly found: string;
}

/**
 * The program as a script that a person can run and change: `COPYUP=./copyup DRIVER=overlay2 sh replay.sh`. It makes each
 * edit in a plain directory and in the mounted layer, tells what differs, and ends with status 1 if anything did.
 */
export function replayScript({ names, events }: Recording, { driver, what, found }: About): string {
  const path = shellPaths(names.length);
  const comment = (text: string) => text.replace(/[^\x20-\x7e]+/g, " ");
  return [
    "#!/bin/sh",
    `# ${comment(what)}`,
    `# Found with ${comment(found)}.`,
    `# Run as root: COPYUP=./copyup DRIVER=${driver} sh replay.sh`,
    PREAMBLE.replace("@DRIVER@", driver),
    ...names.map((name, index) => assignName(index + 1, name)),
    ...stages(events, path),
    `[ ! -e "$work/model.log" ] || same "what the edits said" "$work/model.log" "$work/mount.log"`,
    "exit $differs",
    "",
  ].join("\n");
}

/** Runs of edits become functions, called for both sides; what is done to the layer stands between them. */
function stages(events: readonly Event[], path: ShellPaths): string[] {
  const lines: string[] = [];
  let edits: string[] = [];
  let layer = 0;
  let open = false;
  const flush = (number: number) => {
    if (edits.length === 0) return;
    // A function of comments alone is a syntax error.
    lines.push(`edit_${number}() {`, ...edits.map((line) => `  ${line}`), "  :", "}", `on_both edit_${number}`);
    edits = [];
  };
  events.forEach((event, number) => {
    if (
      !open &&
      (event.kind === "edit" || event.kind === "commit" || event.kind === "remount" || event.kind === "view")
    ) {
      lines.push("", `# Layer ${++layer}`, "begin");
      open = true;
    }
    if (event.kind === "edit") edits.push(editLine(event, number, path));
    else if (event.kind === "declared") edits.push(`own_file ${path(event.place)} # ${event.check} ${event.outcome}`);
    else {
      flush(number);
      lines.push(event.kind === "unsayable" ? "refused 'it has a name that no layer can say'" : event.kind);
    }
    if (event.kind === "commit") open = false;
  });
  flush(events.length);
  if (open) lines.push('compare "at the end"');
  return lines;
}

function editLine(event: Event & { kind: "edit" }, number: number, path: ShellPaths): string {
  const command = operationOf(event.edit).shell(event.edit, path);
  if (event.on === "mount") return `# ${command} # ${event.seen}, as the driver declares`;
  const refused = (outcome: string) => /^E[A-Z0-9]+$/.test(outcome);
  // mv(1) and others would try to get round what the system call refused.
  if (refused(event.outcome) && refused(event.seen)) return `# ${command} # ${event.outcome}`;
  return `${command}; told ${number} $?`;
}
