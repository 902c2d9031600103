import { RENAME_NOREPLACE, renameAt } from "@copyup/linux";
import fc from "fast-check";
import type { Rename } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { anyName, existing } from "../wish.ts";

export const rename: Operation<Rename> = {
  name: "rename",
  generate: () =>
    fc.record({
      do: fc.constant("rename"),
      from: existing,
      to: anyName,
      noReplace: fc.oneof({ arbitrary: fc.constant(false), weight: 7 }, { arbitrary: fc.constant(true), weight: 1 }),
    }),
  run: (ground, { from, to, noReplace }) =>
    renameAt(ground.fd, ground.at(from), ground.fd, ground.at(to), noReplace ? RENAME_NOREPLACE : 0),
  writes: ({ from }) => [from],
  tell: ({ from, to, noReplace }, path) => `rename ${path(from)} to ${path(to)}${noReplace ? " (NOREPLACE)" : ""}`,
  shell: ({ from, to, noReplace }, path) => `mv -${noReplace ? "n" : "f"}T ${path(from)} ${path(to)}`,
};
