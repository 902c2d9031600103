import { AT_FDCWD, AT_SYMLINK_FOLLOW, closeFd, linkAt, O_RDWR, O_TMPFILE, openAt, writeFd } from "@copyup/linux";
import fc from "fast-check";
import type { TemporaryFile } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { directory, freeName } from "../wish.ts";

export const temporaryFile: Operation<TemporaryFile> = {
  name: "tmpfile",
  generate: () => fc.record({ do: fc.constant("tmpfile"), in: directory, at: freeName }),
  run(ground, edit) {
    const fd = openAt(ground.fd, ground.at(edit.in), O_TMPFILE | O_RDWR, 0o640);
    try {
      writeFd(fd, Buffer.from("temporary"));
      linkAt(AT_FDCWD, `/proc/self/fd/${fd}`, ground.fd, ground.at(edit.at), AT_SYMLINK_FOLLOW);
    } finally {
      closeFd(fd);
    }
  },
  writes: () => [],
  tell: (edit, path) => `O_TMPFILE in ${path(edit.in)}, linked as ${path(edit.at)}`,
  // No command does this: an ordinary file, not linked from nowhere.
  shell: (edit, path) =>
    `[ -d ${path(edit.in)} ] && (umask 137; printf temporary | dd of=${path(edit.at)} conv=excl status=none)`,
};
