import { AT_FDCWD, closeFd, fstat, isSystemError, O_DIRECTORY, openPathAt, readlinkAt, Stat } from "@copyup/linux";
import type { Ground } from "../ground.ts";
import type { Place } from "../place.ts";

/** A name in its directory, whatever symlinks led there. */
export interface Name {
  /** Names the directory's inode. */
  readonly parent: string;
  readonly name: Buffer;
  /** Absolute, without symlinks. */
  readonly directory: Buffer;
  readonly path: Buffer;
}

const SLASH = Buffer.from("/");

/** Null where the directory is not there. */
export function nameAt(ground: Ground, place: Place): Name | null {
  const name = ground.at(place.slice(-1));
  let fd: number;
  try {
    fd = openPathAt(ground.fd, ground.at(place.slice(0, -1)), O_DIRECTORY);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
  try {
    const directory = readlinkAt(AT_FDCWD, `/proc/self/fd/${fd}`);
    return { parent: fstat(fd, new Stat()).key, name, directory, path: Buffer.concat([directory, SLASH, name]) };
  } finally {
    closeFd(fd);
  }
}
