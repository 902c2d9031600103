import type { Edit } from "../edit.ts";
import type { Outcome } from "../errno.ts";
import type { Model } from "../model/model.ts";
import type { Place } from "../place.ts";

/**
 * What a declared deviation means for any program, as data: how the plain directory must be changed so that it is what the
 * driver shows. Looked up by what the profile declares; a driver that declares nothing is compared with the plain directory
 * as it is. A deviation that no program happens to meet is no failure: its own check proves it.
 */
export interface ModelledDeviation {
  /** As in the profile. */
  readonly check: string;
  readonly outcome: string;
  /** May the driver give this errno where the plain directory would carry the edit out? Then the model is left as it is. */
  refuses?(edit: Edit, errno: string, model: Model): boolean;
  /**
   * The driver carried the edit out: what happens to the model before it does so too. Gives the names that became files of
   * their own.
   */
  prepares?(edit: Edit, model: Model): Promise<readonly Place[]>;
  /** What the model does instead of the edit. */
  rewrites?(edit: Edit, model: Model): Edit;
  /** Not run, on neither side: for what cannot be said of a plain directory. */
  avoids?(edit: Edit, model: Model): boolean;
  /** The two may differ in what the edit tells. */
  tells?(edit: Edit, mount: Outcome, model: Outcome): boolean;
  /** Link counts say nothing; who shares an inode does. */
  readonly linkCounts?: true;
  /** The mount's modification time stands where the two differ. */
  takesTime?(of: TimeDifference): boolean;
}

export interface TimeDifference {
  readonly type: string;
  /** Was it in the tree when the layer began? */
  readonly lower: boolean;
  /** Was the mount's time made while the program ran, not set on purpose? */
  readonly made: boolean;
}
