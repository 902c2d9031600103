import { unlinkAt } from "@copyup/linux";
import fc from "fast-check";
import type { Unlink } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { existing } from "../wish.ts";

export const unlink: Operation<Unlink> = {
  name: "unlink",
  generate: () => fc.record({ do: fc.constant("unlink"), at: existing }),
  run: (ground, { at }) => unlinkAt(ground.fd, ground.at(at)),
  writes: () => [],
  tell: ({ at }, path) => `unlink ${path(at)}`,
  shell: ({ at }, path) => `unlink ${path(at)}`,
};
