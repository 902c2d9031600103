import { RENAME_EXCHANGE, renameAt } from "@copyup/linux";
import fc from "fast-check";
import type { Exchange } from "../edit.ts";
import type { Operation } from "../operation.ts";
import { existing } from "../wish.ts";

export const exchange: Operation<Exchange> = {
  name: "exchange",
  generate: () => fc.record({ do: fc.constant("exchange"), from: existing, to: existing }),
  run: (ground, { from, to }) => renameAt(ground.fd, ground.at(from), ground.fd, ground.at(to), RENAME_EXCHANGE),
  writes: ({ from, to }) => [from, to],
  tell: ({ from, to }, path) => `exchange ${path(from)} and ${path(to)}`,
  shell: ({ from, to }, path) => `exchange ${path(from)} ${path(to)}`,
};
