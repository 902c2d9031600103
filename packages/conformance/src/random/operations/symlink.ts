import { symlinkAt } from "@copyup/linux";
import fc from "fast-check";
import type { Symlink } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { quoted } from "../script/shell-paths.ts";
import { freeName } from "../wish.ts";

/**
 * Relative without `..`, or to a directory nobody has: followed in the middle of a path, they stay in the tree.
 */
const TARGETS = ["a", "b", "a/b", ".", "/copyup-no-such-directory/x", "t/".repeat(150), "with space", "\u00e9"];

export const symlink: Operation<Symlink> = {
  name: "symlink",
  generate: () => fc.record({ do: fc.constant("symlink"), at: freeName, target: fc.constantFrom(...TARGETS) }),
  run: (ground, { at, target }) => symlinkAt(target, ground.fd, ground.at(at)),
  writes: () => [],
  tell: ({ at, target }, path) => `symlink ${path(at)} to ${target}`,
  shell: ({ at, target }, path) => `ln -sT ${quoted(target)} ${path(at)}`,
};
