import {
  EISDIR,
  ELOOP,
  ENXIO,
  lstatAt,
  O_NOFOLLOW,
  O_NONBLOCK,
  openAt,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
} from "@copyup/linux";
import { refuse } from "./errno.ts";
import type { Ground } from "./ground.ts";
import type { Place } from "./place.ts";

/**
 * Opens a regular file. Everything else is refused by what it is, before it is opened: a device node that a program made
 * may be a real disk.
 */
export function openFile(ground: Ground, at: Place, flags: number, mode = 0): number {
  const type = typeAt(ground, at);
  if (type !== S_IFREG) refuse(type === S_IFDIR ? EISDIR : type === S_IFLNK ? ELOOP : ENXIO, "open");
  return openAt(ground.fd, ground.at(at), flags | O_NOFOLLOW | O_NONBLOCK, mode);
}

/** S_IFREG, …; throws ENOENT, ENOTDIR, ELOOP. */
export function typeAt(ground: Ground, at: Place): number {
  return lstatAt(ground.fd, ground.at(at)).mode & S_IFMT;
}
