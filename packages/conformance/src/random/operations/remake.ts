import { EINVAL, mkdirAt } from "@copyup/linux";
import fc from "fast-check";
import type { Remake } from "../edit.ts";
import { refuse } from "../errno.ts";
import type { Operation } from "../operation.ts";
import { directory } from "../wish.ts";
import { removeBelow } from "./remove-all.ts";

/** `rm -r d && mkdir d`: what hides a lower directory and must not let anything of it through. */
export const remake: Operation<Remake> = {
  name: "remake",
  generate: () => fc.record({ do: fc.constant("remake"), at: directory }),
  run(ground, { at }) {
    if (at.length === 0) refuse(EINVAL, "rmdir");
    removeBelow(ground.fd, ground.at(at));
    mkdirAt(ground.fd, ground.at(at), 0o755);
  },
  writes: () => [],
  tell: ({ at }, path) => `rm -r ${path(at)} and mkdir it`,
  shell: ({ at }, path) => `rm -r ${path(at)} && (umask 22; mkdir ${path(at)})`,
};
