import { getXattr, removeXattr as removeXattrOf } from "@copyup/linux";
import fc from "fast-check";
import type { RemoveXattr } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { quoted } from "../script/shell-paths.ts";
import { existing } from "../wish.ts";

const NAMES = ["user.a", "user.a", "user.b", "system.posix_acl_access"];

export const removeXattr: Operation<RemoveXattr> = {
  name: "removexattr",
  generate: (kit) =>
    fc.record({
      do: fc.constant("removexattr"),
      at: existing,
      name: fc.constantFrom(...NAMES, ...(kit.privileged ? ["trusted.t"] : [])),
    }),
  run(ground, { at, name }) {
    const path = ground.full(at);
    // ext4 removes an ACL that is not there without a word, overlay says ENODATA (seen on 6.18): not worth a deviation.
    const there = getXattr(path, name) !== null;
    removeXattrOf(path, name);
    return there ? "removed" : "none there";
  },
  writes: ({ at }) => [at],
  tell: ({ at, name }, path) => `removexattr ${path(at)} ${name}`,
  shell: ({ at, name }, path) => `setfattr -h -x ${quoted(name)} ${path(at)}`,
};
