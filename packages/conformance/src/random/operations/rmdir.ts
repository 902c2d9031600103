import { rmdirAt } from "@copyup/linux";
import fc from "fast-check";
import type { Rmdir } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { directory } from "../wish.ts";

export const rmdir: Operation<Rmdir> = {
  name: "rmdir",
  generate: () => fc.record({ do: fc.constant("rmdir"), at: directory }),
  run: (ground, { at }) => rmdirAt(ground.fd, ground.at(at)),
  writes: () => [],
  tell: ({ at }, path) => `rmdir ${path(at)}`,
  shell: ({ at }, path) => `rmdir ${path(at)}`,
};
