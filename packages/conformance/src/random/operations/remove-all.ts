import { EINVAL, lstatAt, namesOf, openDirectoryAt, rmdirAt, S_IFDIR, S_IFMT, unlinkAt, withFd } from "@copyup/linux";
import fc from "fast-check";
import type { RemoveAll } from "../edit.ts";
import { refuse } from "../errno.ts";
import type { Operation } from "../operation.ts";
import { existing } from "../wish.ts";

export const removeAll: Operation<RemoveAll> = {
  name: "remove-all",
  generate: () => fc.record({ do: fc.constant("remove-all"), at: existing }),
  run(ground, { at }) {
    // rm(1) refuses this too.
    if (at.length === 0) refuse(EINVAL, "rmdir");
    removeBelow(ground.fd, ground.at(at));
  },
  writes: () => [],
  tell: ({ at }, path) => `rm -r ${path(at)}`,
  shell: ({ at }, path) => `rm -r ${path(at)}`,
};

export function removeBelow(dirfd: number, name: Buffer): void {
  if ((lstatAt(dirfd, name).mode & S_IFMT) !== S_IFDIR) {
    unlinkAt(dirfd, name);
    return;
  }
  withFd(openDirectoryAt(dirfd, name), (fd) => {
    for (const child of namesOf(fd)) removeBelow(fd, Buffer.from(child, "latin1"));
  });
  rmdirAt(dirfd, name);
}
