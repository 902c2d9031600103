import type { Deviation, Directory, Host } from "@copyup/core";
import { isBefore, programVersion } from "../probe/program.ts";

/** A deviation, and where it holds; everywhere if nothing is said. */
export interface Known extends Deviation {
  readonly when?: (where: Where) => boolean;
}

export interface Where {
  readonly host: Host;
  readonly directory: Directory;
  /** Of the program on this host, `1.10`; null where it is not known. */
  readonly version: string | null;
}

export function whereOf(directory: Directory, host: Host): Where {
  return { host, directory, version: programVersion() };
}

/** Versions of the program before that one. */
export function before(major: number, minor: number) {
  return ({ version }: Where): boolean => isBefore(version, major, minor);
}
