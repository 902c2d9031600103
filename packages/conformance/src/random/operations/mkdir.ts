import { mkdirAt } from "@copyup/linux";
import fc from "fast-check";
import type { Mkdir } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { freeName } from "../wish.ts";

export const mkdir: Operation<Mkdir> = {
  name: "mkdir",
  generate: (kit) =>
    fc.record({
      do: fc.constant("mkdir"),
      at: freeName,
      mode: kit.privileged ? fc.constantFrom(0o755, 0o777, 0o700, 0) : fc.constantFrom(0o755, 0o777, 0o700),
    }),
  run: (ground, { at, mode }) => mkdirAt(ground.fd, ground.at(at), mode),
  writes: () => [],
  tell: ({ at, mode }, path) => `mkdir ${path(at)} ${mode.toString(8)}`,
  shell: ({ at, mode }, path) => `(umask ${(0o777 & ~mode).toString(8)}; mkdir ${path(at)})`,
};
