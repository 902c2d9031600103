import type fc from "fast-check";
import type { Edit } from "./edit.ts";
import type { Ground } from "./ground.ts";
import type { Place } from "./place.ts";
import type { ShellPaths } from "./script/shell-paths.ts";
import type { Draft } from "./wish.ts";

/**
 * One thing that a program does to a tree, as data. There are no preconditions: what the kernel refuses on a plain directory
 * it must refuse on the driver too, with the same errno.
 */
export interface Operation<E extends Edit = Edit> {
  readonly name: E["do"];
  generate(kit: Kit): fc.Arbitrary<Draft<E>>;
  /** Synchronous. What it returns is told and compared. */
  run(ground: Ground, edit: E): unknown;
  /** Names whose inode it changes if it succeeds: what a union driver copies up. */
  writes(edit: E): readonly Place[];
  /** One line for people. */
  tell(edit: E, path: (place: Place) => string): string;
  /** The same for sh, run in the tree's root. May fail where `run` fails. */
  shell(edit: E, path: ShellPaths): string;
}

/** What the arguments of an operation are drawn from. */
export interface Kit {
  /** Full root: owners, devices, trusted xattrs. An ordinary user keeps to what he can do and undo. */
  readonly privileged: boolean;
  /** Make what no layer archive can say, too. */
  readonly unsayable: boolean;
}
