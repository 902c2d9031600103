import type { Edit } from "./edit.ts";
import type { Place } from "./place.ts";

/** What a program did, in order: for the message and the script of a failure. */
export type Event =
  | {
      readonly kind: "edit";
      readonly edit: Edit;
      /** In the model, and in the mount. */
      readonly outcome: string;
      readonly seen: string;
      /** `mount`: refused as declared, and so not done to the model. */
      readonly on: "both" | "mount";
    }
  /** Done to the model alone, before the edit that follows: the name became a file of its own. */
  | { readonly kind: "declared"; readonly check: string; readonly outcome: string; readonly place: Place }
  | { readonly kind: "remount" | "view" | "commit" | "apply" }
  | { readonly kind: "unsayable"; readonly path: string };

export interface Recording {
  readonly names: readonly Buffer[];
  readonly events: Event[];
}
