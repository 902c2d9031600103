import type { Deviation, Directory, Host } from "@copyup/core";
import { kernelAtLeast } from "@copyup/linux";

/** A deviation, and where it holds; everywhere if nothing is said. */
export interface Known extends Deviation {
  readonly when?: (where: Where) => boolean;
}

export interface Where {
  readonly host: Host;
  readonly directory: Directory;
}

export function before(major: number, minor: number) {
  return ({ host }: Where): boolean => !kernelAtLeast(host, major, minor);
}

export function withoutReflink({ directory }: Where): boolean {
  return !directory.reflink;
}

export function inUserNamespace({ host }: Where): boolean {
  return host.userNamespace;
}

/** btrfs gives every directory link count 1 itself, so there is nothing to tell apart. */
export function countsSubdirectories({ directory }: Where): boolean {
  return directory.filesystem !== "btrfs";
}
