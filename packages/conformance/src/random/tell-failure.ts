import { isStorageError } from "@copyup/core";
import { displayPath } from "@copyup/linux";
import type { Trial } from "../trial/trial.ts";
import { operationOf } from "./operations/index.ts";
import { pathOf } from "./place.ts";
import type { Event, Recording } from "./recording.ts";
import { replayScript } from "./script/replay-script.ts";

export interface Search {
  readonly seed: number;
  readonly runs: number;
  readonly shrinks: number;
}

/** The message is for reading, the script for repeating. */
export function tellFailure(trial: Trial, failed: { recording: Recording; error: unknown }, search: Search): never {
  const { recording, error } = failed;
  const what = isStorageError(error) ? `${error.code}: ${error.message}` : ((error as Error)?.message ?? String(error));
  const program = tellProgram(recording);
  const found = `seed ${search.seed}, program ${search.runs}, after ${search.shrinks} shrinks`;
  const script = replayScript(recording, { driver: trial.driver.name, what, found });
  trial.attach("replay.sh", script);
  throw new Error(`${what}\n${found}:\n${program.map((line) => `  ${line}`).join("\n")}`);
}

/** One line an event. */
export function tellProgram({ names, events }: Recording): string[] {
  const path = (place: readonly number[]) => displayPath(pathOf(names, place));
  return events.map((event) => tellEvent(event, path));
}

function tellEvent(event: Event, path: (place: readonly number[]) => string): string {
  switch (event.kind) {
    case "edit": {
      const declared = event.on === "mount" ? " (as the driver declares)" : "";
      return `${operationOf(event.edit).tell(event.edit, path)}: ${event.outcome}${declared}`;
    }
    case "declared":
      return `${path(event.place)} becomes a file of its own in the model (${event.check} ${event.outcome})`;
    case "unsayable":
      return `diff refused: ${event.path}`;
    case "apply":
      return "diff, and apply to a fresh store";
    case "view":
      return "look at the parent's view";
    default:
      return event.kind;
  }
}
