import { linkAt } from "@copyup/linux";
import fc from "fast-check";
import type { Link } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { file, freeName } from "../wish.ts";

export const link: Operation<Link> = {
  name: "link",
  generate: () => fc.record({ do: fc.constant("link"), from: file, to: freeName }),
  run: (ground, { from, to }) => linkAt(ground.fd, ground.at(from), ground.fd, ground.at(to)),
  writes: ({ from }) => [from],
  tell: ({ from, to }, path) => `link ${path(from)} as ${path(to)}`,
  shell: ({ from, to }, path) => `ln -PT ${path(from)} ${path(to)}`,
};
