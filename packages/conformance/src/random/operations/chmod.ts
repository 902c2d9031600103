import { chmodAt, ELOOP, S_IFLNK } from "@copyup/linux";
import fc from "fast-check";
import { mode } from "../arguments.ts";
import type { Chmod } from "../edit.ts";
import { refuse } from "../errno.ts";
import { typeAt } from "../open-file.ts";
import type { Operation } from "../operation.ts";
import { existing } from "../wish.ts";

export const chmod: Operation<Chmod> = {
  name: "chmod",
  generate: (kit) => fc.record({ do: fc.constant("chmod"), at: existing, mode: mode(kit) }),
  run(ground, { at, mode }) {
    // Follows symlinks, and where one leads may be no part of the tree.
    if (typeAt(ground, at) === S_IFLNK) refuse(ELOOP, "fchmodat");
    chmodAt(ground.fd, ground.at(at), mode);
  },
  writes: ({ at }) => [at],
  tell: ({ at, mode }, path) => `chmod ${path(at)} ${mode.toString(8)}`,
  // Five digits: with fewer chmod(1) leaves a directory's set-group-id alone.
  shell: ({ at, mode }, path) => `[ ! -h ${path(at)} ] && chmod ${mode.toString(8).padStart(5, "0")} ${path(at)}`,
};
