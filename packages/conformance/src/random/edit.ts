import type { Place } from "./place.ts";

export interface Create {
  readonly do: "create";
  readonly at: Place;
  readonly mode: number;
  readonly size: number;
  /** O_EXCL; else an existing file is cut to nothing first. */
  readonly exclusive: boolean;
}

export interface Write {
  readonly do: "write";
  readonly at: Place;
  readonly offset: number;
  readonly size: number;
  /** One letter, repeated. */
  readonly fill: string;
}

export interface Append {
  readonly do: "append";
  readonly at: Place;
  readonly size: number;
  readonly fill: string;
}

export interface Truncate {
  readonly do: "truncate";
  readonly at: Place;
  readonly size: number;
}

export interface TemporaryFile {
  readonly do: "tmpfile";
  /** The directory it is made in. */
  readonly in: Place;
  readonly at: Place;
}

export interface Mkdir {
  readonly do: "mkdir";
  readonly at: Place;
  readonly mode: number;
}

export interface Symlink {
  readonly do: "symlink";
  readonly at: Place;
  readonly target: string;
}

export interface Link {
  readonly do: "link";
  readonly from: Place;
  readonly to: Place;
}

export interface Mknod {
  readonly do: "mknod";
  readonly at: Place;
  readonly type: "fifo" | "char" | "block" | "socket";
  readonly major: number;
  readonly minor: number;
}

export interface Unlink {
  readonly do: "unlink";
  readonly at: Place;
}

export interface Rmdir {
  readonly do: "rmdir";
  readonly at: Place;
}

export interface RemoveAll {
  readonly do: "remove-all";
  readonly at: Place;
}

export interface Remake {
  readonly do: "remake";
  readonly at: Place;
}

export interface Rename {
  readonly do: "rename";
  readonly from: Place;
  readonly to: Place;
  /** RENAME_NOREPLACE */
  readonly noReplace: boolean;
}

export interface Exchange {
  readonly do: "exchange";
  readonly from: Place;
  readonly to: Place;
}

export interface Chmod {
  readonly do: "chmod";
  readonly at: Place;
  readonly mode: number;
}

export interface Chown {
  readonly do: "chown";
  readonly at: Place;
  readonly uid: number;
  readonly gid: number;
}

export interface Utimes {
  readonly do: "utimes";
  readonly at: Place;
  readonly mtimeNs: bigint;
}

export interface SetXattr {
  readonly do: "setxattr";
  readonly at: Place;
  readonly name: string;
  /** hex */
  readonly value: string;
}

export interface RemoveXattr {
  readonly do: "removexattr";
  readonly at: Place;
  readonly name: string;
}

export interface Hold {
  readonly do: "hold";
  readonly at: Place;
  readonly slot: number;
  readonly writable: boolean;
}

export interface UseHeld {
  readonly do: "use-held";
  readonly slot: number;
  readonly fill: string;
}

export type Edit =
  | Create
  | Write
  | Append
  | Truncate
  | TemporaryFile
  | Mkdir
  | Symlink
  | Link
  | Mknod
  | Unlink
  | Rmdir
  | RemoveAll
  | Remake
  | Rename
  | Exchange
  | Chmod
  | Chown
  | Utimes
  | SetXattr
  | RemoveXattr
  | Hold
  | UseHeld;
