import { AT_FDCWD, closeFd, O_DIRECTORY, O_RDONLY, openAt } from "@copyup/linux";
import { type Place, pathOf } from "./place.ts";

/** One of the two trees that a program runs on: the driver's mount, or the model. */
export class Ground {
  readonly names: readonly Buffer[];
  /** Of the root: every path is relative to it, so that no length limit and no other tree is ever met. */
  readonly fd: number;
  /** Descriptors the program keeps open, by slot. */
  readonly held = new Map<number, Held>();

  constructor(root: string, names: readonly Buffer[]) {
    this.names = names;
    this.fd = openAt(AT_FDCWD, root, O_RDONLY | O_DIRECTORY);
  }

  at(place: Place): Buffer {
    return pathOf(this.names, place);
  }

  /** For the calls that take a path only. */
  full(place: Place): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.fd}/`), this.at(place)]);
  }

  release(slot: number): void {
    const held = this.held.get(slot);
    this.held.delete(slot);
    if (held) closeFd(held.fd);
  }

  /** Before an unmount. */
  close(): void {
    for (const slot of [...this.held.keys()]) this.release(slot);
    closeFd(this.fd);
  }
}

export interface Held {
  readonly fd: number;
  readonly writable: boolean;
  readonly place: Place;
}
